import BahariFrame
import BahariPostgres

/// Encodes PostgreSQL's binary rows as protobuf messages, straight from the result to the output buffer, without
/// intermediate values.
struct RowCodec {
  /// A stored value that the row message cannot represent, such as NaN. The reply omits it and has a warning.
  struct Omission: Hashable {
    let column: String
    let description: String
  }

  let outputs: [Output]
  /// For each output, whether the caller asks for it; nil if the reply has all outputs.
  let chosen: [Bool]?
  /// The values that were omitted: at most one entry per column and description, however many rows there are.
  private(set) var omissions: Set<Omission> = []

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
    guard Double(bitPattern: bits).isFinite else { return omit(output, "is not a finite number") }
    writer.field(output.number, fixed64: bits)
  }

  private mutating func text(_ text: String?, _ output: Output, _ writer: WireWriter) {
    guard let text else { return omit(output, "is NaN, infinite or outside the years 1 to 9999") }
    writer.field(output.number, string: text)
  }

  /// Writes the value as a google.protobuf.Timestamp.
  private mutating func timestamp(_ microseconds: Int64, _ output: Output, _ writer: WireWriter) {
    guard let (seconds, nanoseconds) = BinaryDate.unixTime(microseconds) else {
      return omit(output, "is infinite or outside the years 1 to 9999")
    }
    writer.field(output.number) {
      if seconds != 0 { writer.field(1, varint: UInt64(bitPattern: seconds)) }
      if nanoseconds != 0 { writer.field(2, varint: UInt64(nanoseconds)) }
    }
  }

  /// Writes the ids as a packed field; writes nothing if the list is empty.
  private mutating func ids(_ bytes: UnsafeRawBufferPointer, _ output: Output, _ writer: WireWriter) {
    guard let ids = IDArray.ids(bytes) else { return omit(output, "is no JSON array of ids") }
    guard !ids.isEmpty else { return }
    writer.field(output.number) {
      for id in ids { writer.varint(UInt64(bitPattern: id)) }
    }
  }

  private mutating func omit(_ output: Output, _ description: String) {
    omissions.insert(Omission(column: output.name, description: description))
  }

  /// Writes one warning into the reply for each omission.
  func encodeWarnings(_ shape: ReplyShape, into writer: WireWriter) {
    for omission in omissions.sorted(by: { $0.column < $1.column }) {
      writer.field(shape.warnings) {
        writer.field(1, string: omission.column)
        writer.field(2, string: "a stored value \(omission.description) and is left out")
      }
    }
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes as a big-endian integer. Stops the process if there are more or fewer bytes than the integer has.
  @inline(__always)
  fileprivate func bigEndian<T: FixedWidthInteger>(_: T.Type) -> T {
    precondition(count == MemoryLayout<T>.size, "PostgreSQL sent \(count) bytes for a \(T.self)")
    return T(bigEndian: loadUnaligned(as: T.self))
  }
}
