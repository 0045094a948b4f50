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
