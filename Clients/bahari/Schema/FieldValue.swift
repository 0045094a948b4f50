/// The value of a field, from the wire, JSON or text.
enum FieldValue: Sendable, Hashable {
  case integer(Int64)
  case unsigned(UInt64)
  case double(Double)
  case float(Float)
  case bool(Bool)
  case text(String)
  case bytes([UInt8])
  /// The number of an enum value, and its name if the descriptor has one.
  case symbol(Int32, String?)
  case timestamp(seconds: Int64, nanoseconds: Int32)
  /// The field names in a FieldMask.
  case mask([String])
  case record(Record)
  case list([FieldValue])
}
