import BahariFrame
import SwiftProtobuf

/// A field of a message, from the daemon's descriptors.
struct Field: Sendable, Hashable {
  typealias Kind = Google_Protobuf_FieldDescriptorProto.TypeEnum

  var number: UInt32
  var name: String
  var kind: Kind
  var isRepeated = false
  /// The full name of the message or enum that is the field's type; empty for other types.
  var typeName = ""

  var isTimestamp: Bool { typeName == "google.protobuf.Timestamp" }
  var isFieldMask: Bool { typeName == "google.protobuf.FieldMask" }

  var isNumber: Bool {
    switch kind {
    case .string, .bytes, .bool, .message, .group, .enum: false
    default: true
    }
  }
}

extension Field {
  var wireType: WireType {
    switch kind {
    case .double, .fixed64, .sfixed64: .fixed64
    case .float, .fixed32, .sfixed32: .fixed32
    case .string, .bytes, .message, .group: .lengthDelimited
    default: .varint
    }
  }

  var isPackable: Bool { wireType != .lengthDelimited }
}
