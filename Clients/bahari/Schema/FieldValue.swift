/// A field's value, as it came from the wire, from JSON or from text.
enum Value: Sendable, Hashable {
  case integer(Int64)
  case unsigned(UInt64)
  case double(Double)
  case float(Float)
  case bool(Bool)
  case text(String)
  case bytes([UInt8])
  /// An enum's number, with its name where the descriptor has one.
  case symbol(Int32, String?)
  case timestamp(seconds: Int64, nanoseconds: Int32)
  /// A FieldMask's names.
  case mask([String])
  case record(Record)
  case list([FieldValue])
}
