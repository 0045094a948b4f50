/// The types that Bahari binds and reads, by PostgreSQL's object ids, which are fixed for built-in types.
package enum PostgresType: UInt32, Sendable {
  case bool = 16
  case int8 = 20
  case int4 = 23
  case text = 25
  case xid = 28
  case float8 = 701
  case varchar = 1043
  case date = 1082
  case timestamp = 1114
  case numeric = 1700

  /// The id of the array type with these elements.
  package var arrayOID: UInt32 {
    switch self {
    case .bool: 1000
    case .int8: 1016
    case .int4: 1007
    case .text: 1009
    case .xid: 1011
    case .float8: 1022
    case .varchar: 1015
    case .date: 1182
    case .timestamp: 1115
    case .numeric: 1231
    }
  }
}

/// The values of a statement's parameters, copied, so that they outlive the message they come from.
package struct Parameters: Sendable {
  struct Slot {
    var offset: Int
    /// -1 for NULL.
    var length: Int32
    /// 0 text, 1 binary.
    var format: Int32
  }
  package private(set) var bytes: [UInt8] = []
  private(set) var slots: [Slot] = []

  package init() {}

  package var count: Int { slots.count }

  package mutating func addNull() { slots.append(Slot(offset: 0, length: -1, format: 0)) }

  /// For int8 parameters.
  package mutating func add(_ value: Int64) { addBinary { $0.appendBigEndian(value) } }

  /// For int4 parameters.
  package mutating func add(_ value: Int32) { addBinary { $0.appendBigEndian(value) } }

  /// For float8 parameters.
  package mutating func add(_ value: Double) { addBinary { $0.appendBigEndian(value.bitPattern) } }

  package mutating func add(_ value: Bool) { addBinary { $0.append(value ? 1 : 0) } }

  /// For parameters of any type: the value as PostgreSQL writes it.
  package mutating func add(text: UnsafeRawBufferPointer) {
    slots.append(Slot(offset: bytes.count, length: Int32(text.count), format: 0))
    bytes.append(contentsOf: text)
    bytes.append(0)
  }

  package mutating func add(text: String) {
    var text = text
    text.withUTF8 { add(text: UnsafeRawBufferPointer($0)) }
  }

  /// For parameters of any type: the value in PostgreSQL's binary form.
  package mutating func add(binary value: UnsafeRawBufferPointer) { addBinary { $0.append(contentsOf: value) } }

  package mutating func add(_ array: ArrayParameter) { addBinary { array.encode(into: &$0) } }

  private mutating func addBinary(_ body: (inout [UInt8]) -> Void) {
    let start = bytes.count
    body(&bytes)
    slots.append(Slot(offset: start, length: Int32(bytes.count - start), format: 1))
  }
}

/// A one-dimensional array in PostgreSQL's binary form.
package struct ArrayParameter: Sendable {
  package let element: PostgresType
  package private(set) var count = 0
  private var hasNull = false
  private var bytes: [UInt8] = []

  package init(of element: PostgresType) { self.element = element }

  package mutating func appendNull() {
    count += 1
    hasNull = true
    bytes.appendBigEndian(Int32(-1))
  }

  package mutating func append(_ value: Int64) { append(length: 8) { $0.appendBigEndian(value) } }

  package mutating func append(_ value: Int32) { append(length: 4) { $0.appendBigEndian(value) } }

  package mutating func append(_ value: Double) { append(length: 8) { $0.appendBigEndian(value.bitPattern) } }

  package mutating func append(_ value: Bool) { append(length: 1) { $0.append(value ? 1 : 0) } }

  package mutating func append(text: UnsafeRawBufferPointer) {
    append(length: text.count) { $0.append(contentsOf: text) }
  }

  package mutating func append(text: String) {
    var text = text
    text.withUTF8 { append(text: UnsafeRawBufferPointer($0)) }
  }

  private mutating func append(length: Int, _ body: (inout [UInt8]) -> Void) {
    count += 1
    bytes.appendBigEndian(Int32(length))
    body(&bytes)
  }

  func encode(into target: inout [UInt8]) {
    target.appendBigEndian(Int32(count == 0 ? 0 : 1))
    target.appendBigEndian(Int32(hasNull ? 1 : 0))
    target.appendBigEndian(element.rawValue)
    guard count > 0 else { return }
    target.appendBigEndian(Int32(count))
    target.appendBigEndian(Int32(1))
    target.append(contentsOf: bytes)
  }
}

extension [UInt8] {
  fileprivate mutating func appendBigEndian(_ value: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
  }
}
