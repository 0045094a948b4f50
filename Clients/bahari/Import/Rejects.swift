import Glibc

/// The CSV file of --rejects: the rows that were not imported, each with its line, column and cause before its fields.
///
/// After it is corrected, the file can be imported with `--map line= --map column= --map cause=`.
final class Rejects {
  private let path: String
  private let descriptor: Int32
  /// The path of the file, and its size so far.
  private(set) var place: RejectsPlace

  /// - Parameters:
  ///   - continues: whether to keep the content of an existing file, because an interrupted import is continued.
  ///   - before: the file of the interrupted import, and its size after the last batch that is done. If it is the same
  ///     file, the rest is cut off, because the later batches are sent again.
  init(_ path: String, header: [String], continues: Bool, before: RejectsPlace? = nil) throws {
    self.path = path
    descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND | (continues ? 0 : O_TRUNC), 0o644)
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
    // Write an empty field as it was in the file: without quotes for NULL, in quotes for the empty text.
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
