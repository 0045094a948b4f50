/// The values of a statement's parameters, copied, so that they outlive the message they were taken from.
package struct Parameters: Sendable {
  struct Slot {
    var offset: Int
    /// The value's length in bytes; -1 for NULL.
    var length: Int32
    /// libpq's format code: 0 for text, 1 for binary.
    var format: Int32
  }
  package private(set) var bytes: [UInt8] = []
  private(set) var slots: [Slot] = []

  package init() {}

  package var count: Int { slots.count }

  package mutating func addNull() { slots.append(Slot(offset: 0, length: -1, format: 0)) }

  /// Adds the value of an int8 parameter.
  package mutating func add(_ value: Int64) { addBinary { $0.appendBigEndian(value) } }

  /// Adds the value of an int4 parameter.
  package mutating func add(_ value: Int32) { addBinary { $0.appendBigEndian(value) } }

  /// Adds the value of a float8 parameter.
  package mutating func add(_ value: Double) { addBinary { $0.appendBigEndian(value.bitPattern) } }

  package mutating func add(_ value: Bool) { addBinary { $0.append(value ? 1 : 0) } }

  /// Adds the value of a parameter of any type, in PostgreSQL's text form.
  package mutating func add(text: UnsafeRawBufferPointer) {
    slots.append(Slot(offset: bytes.count, length: Int32(text.count), format: 0))
    bytes.append(contentsOf: text)
    bytes.append(0)
  }

  package mutating func add(text: String) {
    var text = text
    text.withUTF8 { add(text: UnsafeRawBufferPointer($0)) }
  }

  /// Adds the value of a parameter of any type, in PostgreSQL's binary form.
  package mutating func add(binary value: UnsafeRawBufferPointer) { addBinary { $0.append(contentsOf: value) } }

  package mutating func add(_ array: ArrayParameter) { addBinary { array.encode(into: &$0) } }

  private mutating func addBinary(_ body: (inout [UInt8]) -> Void) {
    let start = bytes.count
    body(&bytes)
    slots.append(Slot(offset: start, length: Int32(bytes.count - start), format: 1))
  }
}

extension [UInt8] {
  mutating func appendBigEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
