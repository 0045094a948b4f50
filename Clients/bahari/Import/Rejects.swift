import Glibc

/// A CSV file of the rows that were left out: where each stood, what is wrong with it, and the row itself.
///
/// Once mended, it can be imported with `--map line= --map column= --map cause=`.
final class Rejects {
  private let path: String
  private let descriptor: Int32
  /// How far it is written.
  private(set) var place: RejectsPlace

  /// - Parameters:
  ///   - before: of an interrupted import. What it told of a batch that was then not done is told again, so it is cut
  ///     off; a file of another name is gone on with as it is.
  ///   - goesOn: keeps what an interrupted import has told.
  init(_ path: String, header: [String], goesOn: Bool, before: RejectsPlace? = nil) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND | (goesOn ? 0 : O_TRUNC), 0o644)
    guard descriptor >= 0 else { throw OutputFailure(message: "\(path): \(String(cString: strerror(errno)))") }
    let real = realpath(path, nil)
    defer { free(real) }
    place = RejectsPlace(path: real.map { String(cString: $0) } ?? path, size: 0)
    var status = stat()
    if fstat(descriptor, &status) == 0 { place.size = Int(status.st_size) }
    if let before, before.path == place.path, before.size < place.size, ftruncate(descriptor, before.size) == 0 {
      place.size = before.size
    }
    if place.size == 0 { try write(["line", "column", "cause"] + header) }
  }

  deinit { close(descriptor) }

  func add(_ fault: RowFault, _ record: CSVRecord?) throws {
    // A field is NULL or the empty text as it was in the file.
    let fields: [String?] =
      record?.fields.map { $0.bytes.isEmpty && !$0.isQuoted ? nil : String(decoding: $0.bytes, as: UTF8.self) } ?? []
    try write([String(fault.line), fault.column.isEmpty ? nil : fault.column, fault.cause] + fields)
  }

  private func write(_ fields: [String?]) throws {
    var bytes: [UInt8] = []
    CSVWriter.write(fields, nullable: fields.map { _ in true }, to: &bytes)
    guard bytes.withUnsafeBytes({ Glibc.write(descriptor, $0.baseAddress, $0.count) }) == bytes.count else {
      throw OutputFailure(message: "\(path): \(String(cString: strerror(errno)))")
    }
    place.size += bytes.count
  }
}
