import BahariFrame
import BahariMessage
import BahariPostgres

/// A value on its way to PostgreSQL, checked against its column.
enum Value: Sendable {
  case null
  case int32(Int32)
  case int64(Int64)
  case double(Double)
  case bool(Bool)
  /// As PostgreSQL writes it; the bytes are copied out of the message.
  case text([UInt8])
  /// Microseconds since 2000.
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

  /// Whether it comes after `other`, both being days or times.
  func isBehind(_ other: Value) -> Bool {
    switch (self, other) {
    // YYYY-MM-DD: the order of the bytes is that of the days.
    case (.text(let first), .text(let last)): last.lexicographicallyPrecedes(first)
    case (.timestamp(let first), .timestamp(let last)): first > last
    default: false
    }
  }

  /// Whether PostgreSQL has this value where a caller gives `other`: numbers may be written in several ways.
  func isSame(as other: Value) -> Bool {
    if let number = number, let given = other.number { return number == given }
    return key == other.key && key != .other
  }

  var isNull: Bool {
    if case .null = self { return true }
    return false
  }

  /// As a number, for limits; nil for what is none.
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
