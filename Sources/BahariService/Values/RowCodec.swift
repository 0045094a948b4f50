import BahariFrame
import BahariPostgres

/// Writes PostgreSQL's binary rows as protobuf messages, value by value, without a stop in between.
struct RowCodec {
  /// A value that no message can carry, such as NaN; served as absent, with a warning.
  struct Oddity: Hashable {
    let column: String
    let description: String
  }

  let outputs: [Output]
  /// Which outputs are wanted; nil for all.
  let chosen: [Bool]?
  /// What could not be served, by column; bounded by their number.
  private(set) var oddities: Set<Oddity> = []

  init(_ outputs: [Output], chosen: [Bool]? = nil) {
    self.outputs = outputs
    self.chosen = chosen
  }

  init(_ selection: Selection, chosen: [Bool]? = nil) { self.init(selection.outputs, chosen: chosen) }

  /// Writes the fields of one row.
  mutating func encode(_ rows: Rows, _ row: Int, into writer: WireWriter) {
    for index in outputs.indices where chosen?[index] ?? true {
      guard let bytes = rows.bytes(row, index) else { continue }
      let output = outputs[index]
      switch output.type {
      case .int8: writer.field(output.number, varint: UInt64(bitPattern: bytes.bigEndian(Int64.self)))
      case .int4: writer.field(output.number, varint: UInt64(bitPattern: Int64(bytes.bigEndian(Int32.self))))
      case .text where output.holdsIDs: ids(bytes, output, writer)
      case .text, .varchar: writer.field(output.number, bytes: bytes)
      case .float8: double(bytes, output, writer)
      case .bool: writer.field(output.number, varint: bytes[0] == 1 ? 1 : 0)
      case .xid: writer.field(output.number, decimal: bytes.bigEndian(UInt32.self))
      case .numeric: text(BinaryNumeric.text(bytes), output, writer)
      case .date: text(BinaryDate.text(bytes.bigEndian(Int32.self)), output, writer)
      case .timestamp: timestamp(bytes.bigEndian(Int64.self), output, writer)
      }
    }
  }

  private mutating func double(_ bytes: UnsafeRawBufferPointer, _ output: Output, _ writer: WireWriter) {
    let bits = bytes.bigEndian(UInt64.self)
    guard Double(bitPattern: bits).isFinite else { return odd(output, "is not a finite number") }
    writer.field(output.number, fixed64: bits)
  }

  private mutating func text(_ text: String?, _ output: Output, _ writer: WireWriter) {
    guard let text else { return odd(output, "is infinite, no number, or outside the years 1 to 9999") }
    writer.field(output.number, string: text)
  }

  /// As google.protobuf.Timestamp.
  private mutating func timestamp(_ microseconds: Int64, _ output: Output, _ writer: WireWriter) {
    guard let (seconds, nanoseconds) = BinaryDate.unixTime(microseconds) else {
      return odd(output, "is infinite or outside the years 1 to 9999")
    }
    writer.field(output.number) {
      if seconds != 0 { writer.field(1, varint: UInt64(bitPattern: seconds)) }
      if nanoseconds != 0 { writer.field(2, varint: UInt64(nanoseconds)) }
    }
  }

  /// As a packed list; an empty one is absent.
  private mutating func ids(_ bytes: UnsafeRawBufferPointer, _ output: Output, _ writer: WireWriter) {
    guard let ids = IDArray.ids(bytes) else { return odd(output, "is no JSON array of ids") }
    guard !ids.isEmpty else { return }
    writer.field(output.number) {
      for id in ids { writer.varint(UInt64(bitPattern: id)) }
    }
  }

  private mutating func odd(_ output: Output, _ description: String) {
    oddities.insert(Oddity(column: output.name, description: description))
  }

  /// Writes what could not be served as warnings of the reply.
  func encodeWarnings(_ shape: ReplyShape, into writer: WireWriter) {
    for oddity in oddities.sorted(by: { $0.column < $1.column }) {
      writer.field(shape.warnings) {
        writer.field(1, string: oddity.column)
        writer.field(2, string: "a stored value \(oddity.description) and is left out")
      }
    }
  }
}

extension UnsafeRawBufferPointer {
  /// A big-endian integer of the width PostgreSQL promised.
  @inline(__always)
  fileprivate func bigEndian<T: FixedWidthInteger>(_: T.Type) -> T {
    precondition(count == MemoryLayout<T>.size, "PostgreSQL sent \(count) bytes for a \(T.self)")
    return T(bigEndian: loadUnaligned(as: T.self))
  }
}
