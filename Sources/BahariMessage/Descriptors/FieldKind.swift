import CProtobuf

/// The types of fields that Bahari's .proto files use.
package enum FieldKind: Sendable, Equatable {
  case int32, int64, double, bool, enumeration, string, bytes, message

  /// Whether encoded values of this type begin with their length. Repeated fields of all other types can be packed.
  var isLengthDelimited: Bool { self == .string || self == .bytes || self == .message }
}

extension FieldKind {
  /// Stops the process for a type that no case has. When the .proto files begin to use such a type, add a case here and
  /// in each switch over `FieldKind`.
  init(_ type: ProtobufCType) {
    switch type {
    case PROTOBUF_C_TYPE_INT32: self = .int32
    case PROTOBUF_C_TYPE_INT64: self = .int64
    case PROTOBUF_C_TYPE_DOUBLE: self = .double
    case PROTOBUF_C_TYPE_BOOL: self = .bool
    case PROTOBUF_C_TYPE_ENUM: self = .enumeration
    case PROTOBUF_C_TYPE_STRING: self = .string
    case PROTOBUF_C_TYPE_BYTES: self = .bytes
    case PROTOBUF_C_TYPE_MESSAGE: self = .message
    default: preconditionFailure("a .proto file uses a field type that Bahari does not: \(type.rawValue)")
    }
  }
}
