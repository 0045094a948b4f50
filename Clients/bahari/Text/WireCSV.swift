import BahariFrame

/// Converts encoded pages of an export directly to CSV, which is faster than decoding them into `Record`s. The output
/// is the same as that of `CSVWriter`.
struct WireCSV {
  private enum Kind {
    case signed, unsigned, bool, double, text, timestamp
  }

  private struct Column {
    var kind: Kind
    var isNullable: Bool
  }

  private let rowsNumber: UInt32
  private let columns: [Column]
  /// For each field number the position in `columns`; -1 for a field that is not written.
  private var places: [Int]
  private var values: [WireValue?]

  /// Nil if only `CSVWriter` can write the columns: one is given twice, or has a type that is not supported here.
  init?(_ page: MessageType, _ target: DescribedResource, _ selected: [String]) {
    guard let data = page.field("data") else { return nil }
    rowsNumber = data.number
    let fields = selected.compactMap { target.row.field($0) }
    guard Set(fields).count == fields.count else { return nil }
    var columns: [Column] = []
    for field in fields {
      guard let kind = WireCSV.kind(field) else { return nil }
      columns.append(Column(kind: kind, isNullable: target.isNullable(field)))
    }
    self.columns = columns
    places = Array(repeating: -1, count: Int(fields.map(\.number).max() ?? 0) + 1)
    for (place, field) in fields.enumerated() { places[Int(field.number)] = place }
    values = Array(repeating: nil, count: columns.count)
  }

  private static func kind(_ field: Field) -> Kind? {
    guard !field.isRepeated else { return nil }
    switch field.kind {
    case .int32, .int64: return .signed
    case .uint32, .uint64: return .unsigned
    case .bool: return .bool
    case .double: return .double
    case .string: return .text
    case .message where field.isTimestamp: return .timestamp
    default: return nil
    }
  }

  /// Writes the rows of a page.
  ///
  /// - Parameter page: an encoded reply.
  /// - Returns: the number of rows.
  mutating func add(_ page: [UInt8], to bytes: inout [UInt8]) throws -> Int {
    do {
      var count = 0
      try page.withUnsafeBytes { raw in
        var reader = WireReader(raw)
        while let (number, value) = try reader.next() {
          guard number == rowsNumber, case .bytes(let row) = value else { continue }
          try add(row: row, to: &bytes)
          count += 1
        }
      }
      return count
    } catch let error as WireError {
      throw Failure(.internal, "a page from the daemon cannot be decoded: \(error)")
    }
  }

  private mutating func add(row: UnsafeRawBufferPointer, to bytes: inout [UInt8]) throws {
    for place in values.indices { values[place] = nil }
    var reader = WireReader(row)
    while let (number, value) = try reader.next() {
      if number < places.count, places[Int(number)] >= 0 { values[places[Int(number)]] = value }
    }
    for place in columns.indices {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      if let value = values[place] { try write(value, columns[place], to: &bytes) }
    }
    bytes.append(0x0a)
  }

  private func write(_ value: WireValue, _ column: Column, to bytes: inout [UInt8]) throws {
    switch (column.kind, value) {
    case (.signed, .varint(let number)):
      if Int64(bitPattern: number) < 0 { bytes.append(UInt8(ascii: "-")) }
      digits(Int64(bitPattern: number).magnitude, to: &bytes)
    case (.unsigned, .varint(let number)): digits(number, to: &bytes)
    case (.bool, .varint(let number)): bytes += (number != 0 ? "true" : "false").utf8
    case (.double, .fixed64(let bits)): bytes += DoubleText.format(Double(bitPattern: bits)).utf8
    case (.text, .bytes(let text)): CSVWriter.write(text, isNullable: column.isNullable, to: &bytes)
    case (.timestamp, .bytes(let message)): try timestamp(message, to: &bytes)
    default: throw Failure(.internal, "a column came as \(value.type), which does not fit its descriptor")
    }
  }

  private func digits(_ number: UInt64, to bytes: inout [UInt8]) {
    var rest = number
    let start = bytes.count
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    bytes[start...].reverse()
  }

  private func timestamp(_ message: UnsafeRawBufferPointer, to bytes: inout [UInt8]) throws {
    var reader = WireReader(message)
    var time = Timestamp(seconds: 0, nanoseconds: 0)
    while let (number, value) = try reader.next() {
      guard case .varint(let part) = value else { continue }
      if number == 1 { time.seconds = Int64(bitPattern: part) }
      if number == 2 { time.nanoseconds = Int32(truncatingIfNeeded: part) }
    }
    bytes += time.text.utf8
  }
}
