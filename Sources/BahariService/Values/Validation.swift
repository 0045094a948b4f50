import BahariFrame
import BahariMessage
import BahariPostgres

/// Checks callers' values against their columns before they are sent to PostgreSQL, so that a reply can list every
/// violation with its field. PostgreSQL would report only the first one, and often without the column.
enum Validation {
  /// Checks the value that a row message has for a column and returns it; nil if the field is absent.
  static func value(of column: Column, in row: Message) -> Result<Value, FieldViolation>? {
    guard row.has(column.field) else { return nil }
    switch column.type {
    case .int4: return .success(.int32(row.int32(column.field)))
    case .int8: return .success(.int64(row.int64(column.field)))
    case .float8: return double(row.double(column.field), column)
    case .bool: return .success(.bool(row.bool(column.field)))
    case .text where column.holdsIDs: return .success(.text(IDArray.text(row.int64s(column.field))))
    case .timestamp: return timestamp(row, column)
    case .text, .varchar, .numeric, .date, .xid:
      guard let text = row.text(column.field) else { return nil }
      return self.text(text, column)
    }
  }

  /// Parses a column's value from text, as in filters and in a Get by another column than the id.
  static func value(of column: Column, from text: String) -> Result<Value, FieldViolation> {
    switch column.type {
    case .int4:
      guard let value = Int32(text) else { return .failure(malformed(column, "is no integer of 32 bits")) }
      return .success(.int32(value))
    case .int8:
      guard let value = Int64(text) else { return .failure(malformed(column, "is no integer of 64 bits")) }
      return .success(.int64(value))
    case .float8:
      guard let value = Double(text), value.isFinite else { return .failure(malformed(column, "is no number")) }
      return .success(.double(value))
    case .bool:
      guard let value = Bool(text) else { return .failure(malformed(column, "is neither true nor false")) }
      return .success(.bool(value))
    case .timestamp:
      guard let time = Array(text.utf8).withUnsafeBytes(TimeText.microseconds) else {
        let form = "must be a time such as 2026-01-31T08:00:00, in UTC or followed by Z or an offset such as +07:00"
        return .failure(malformed(column, form))
      }
      return .success(.timestamp(time))
    case .numeric, .date:
      return Array(text.utf8).withUnsafeBytes { self.text($0, column, isQuery: true) }
    case .text, .varchar, .xid: return .success(.text(Array(text.utf8)))
    }
  }

  private static func malformed(_ column: Column, _ description: String) -> FieldViolation {
    .wrong(column.name, "MALFORMED", description)
  }

  /// The violation if a well-formed value is outside the column's limits or list of values; nil if there is none. An
  /// update may leave such a value unchanged, since rows can be older than the rule.
  static func ruleViolation(_ value: Value, _ column: Column) -> FieldViolation? {
    if let limits = column.limits, let number = value.number, !limits.contains(number) {
      let bound = limits.upperBound.isFinite ? "from \(short(limits.lowerBound)) to \(short(limits.upperBound))" : nil
      return .wrong(column.name, "OUT_OF_RANGE", "must be \(bound ?? "\(short(limits.lowerBound)) or more")")
    }
    if let allowed = column.allowed, case .text(let bytes) = value,
      !allowed.contains(String(decoding: bytes, as: UTF8.self))
    {
      return .wrong(column.name, "NOT_IN_LIST", "must be one of \(allowed.joined(separator: ", "))")
    }
    return nil
  }

  private static func short(_ number: Double) -> String {
    number == number.rounded() ? String(Int64(number)) : String(number)
  }

  private static func double(_ value: Double, _ column: Column) -> Result<Value, FieldViolation> {
    guard value.isFinite else { return .failure(malformed(column, "must be a finite number")) }
    return .success(.double(value))
  }

  private static func timestamp(_ row: Message, _ column: Column) -> Result<Value, FieldViolation>? {
    guard let time = row.message(column.field), let (seconds, nanos) = column.time else { return nil }
    let value = BinaryDate.microseconds(
      seconds: time.has(seconds) ? time.int64(seconds) : 0, nanoseconds: time.has(nanos) ? time.int32(nanos) : 0)
    guard let value else { return .failure(malformed(column, "must be a time in the years 1 to 9999")) }
    return .success(.timestamp(value))
  }

  private static func text(
    _ text: UnsafeRawBufferPointer, _ column: Column, isQuery: Bool = false
  ) -> Result<Value, FieldViolation> {
    switch column.type {
    case .numeric: return numeric(text, column, isQuery)
    case .date where !BinaryDate.isDate(text): return .failure(malformed(column, "must be a day as YYYY-MM-DD"))
    default: break
    }
    if let most = column.live.maximumLength {
      // PostgreSQL counts code points. In UTF-8 each code point has exactly one byte that is no continuation byte.
      let length = text.count { $0 & 0xc0 != 0x80 }
      guard length <= most else {
        return .failure(.wrong(column.name, "TOO_LONG", "has \(length) characters and may have \(most)"))
      }
    }
    return .success(.text(Array(text)))
  }

  private static func numeric(
    _ text: UnsafeRawBufferPointer, _ column: Column, _ isQuery: Bool
  ) -> Result<Value, FieldViolation> {
    guard text.count <= CallLimits.numericCharacters, let shape = NumericShape(text) else {
      return .failure(malformed(column, "must be a decimal number such as -3.16"))
    }
    if let precision = column.live.precision, !isQuery {
      guard shape.whole <= precision.digits - precision.scale, shape.fraction <= precision.scale else {
        let description =
          "may have \(precision.digits - precision.scale) digits before the point and \(precision.scale) after it"
        return .failure(.wrong(column.name, "OUT_OF_RANGE", description))
      }
    }
    return .success(.text(Array(text)))
  }
}

/// The number of digits of a decimal number before the point, without leading zeros, and after it.
private struct NumericShape {
  var whole = 0
  var fraction = 0

  init?(_ text: UnsafeRawBufferPointer) {
    var rest = text[...]
    if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let parts = rest.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let first = parts.first, !first.isEmpty, parts.allSatisfy({ $0.allSatisfy(digits.contains) }) else {
      return nil
    }
    if parts.count == 2 {
      guard !parts[1].isEmpty else { return nil }
      fraction = parts[1].count
    }
    whole = first.drop { $0 == UInt8(ascii: "0") }.count
  }
}
