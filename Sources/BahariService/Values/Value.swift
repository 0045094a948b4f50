import BahariFrame
import BahariMessage
import BahariPostgres

/// A column's value that has been validated and can be bound in a statement.
enum Value: Sendable {
  case null
  case int32(Int32)
  case int64(Int64)
  case double(Double)
  case bool(Bool)
  /// A value of a text, numeric or date column, in PostgreSQL's text form. The bytes are copied, because the request's
  /// bytes are valid only until `run` returns.
  case text([UInt8])
  /// Microseconds since 2000-01-01 UTC.
  case timestamp(Int64)

  func add(to parameters: inout Parameters) {
    switch self {
    case .null: parameters.addNull()
    case .int32(let value): parameters.add(value)
    case .int64(let value), .timestamp(let value): parameters.add(value)
    case .double(let value): parameters.add(value)
    case .bool(let value): parameters.add(value)
    case .text(let bytes): bytes.withUnsafeBytes { parameters.add(text: $0) }
    }
  }

  /// Whether this day or time is later than `other`; false if either is of another type.
  func isBehind(_ other: Value) -> Bool {
    switch (self, other) {
    // Days are written YYYY-MM-DD, so comparing the bytes compares the days.
    case (.text(let first), .text(let last)): last.lexicographicallyPrecedes(first)
    case (.timestamp(let first), .timestamp(let last)): first > last
    default: false
    }
  }

  /// Whether this stored value equals the value that a caller gives. Numbers are compared as numbers: 1.5 equals 1.50.
  func isSame(as other: Value) -> Bool {
    if let number = number, let given = other.number { return number == given }
    return key == other.key && key != .other
  }

  var isNull: Bool {
    if case .null = self { return true }
    return false
  }

  /// The value as a number, to compare it with limits; nil if it is not a number.
  var number: Double? {
    switch self {
    case .int32(let value): Double(value)
    case .int64(let value): Double(value)
    case .double(let value): value
    case .text(let bytes): Double(String(decoding: bytes, as: UTF8.self))
    case .null, .bool, .timestamp: nil
    }
  }

  func append(to array: inout ArrayParameter) {
    switch self {
    case .null: array.appendNull()
    case .int32(let value): array.append(value)
    case .int64(let value), .timestamp(let value): array.append(value)
    case .double(let value): array.append(value)
    case .bool(let value): array.append(value)
    case .text(let bytes): bytes.withUnsafeBytes { array.append(text: $0) }
    }
  }
}
