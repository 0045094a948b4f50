import CProtobuf

/// A message type with its name and fields, read from the descriptors that protoc-c generates.
///
/// `@unchecked Sendable` because the wrapped pointer points to constant data of the executable.
package struct MessageDescriptor: @unchecked Sendable {
  package let raw: UnsafePointer<ProtobufCMessageDescriptor>

  init(_ raw: UnsafePointer<ProtobufCMessageDescriptor>) { self.raw = raw }

  /// The message type's full name, such as bahari.v1.Desa.
  package var name: String { String(cString: raw.pointee.name) }

  /// The message type's fields in ascending order of their numbers.
  package var fields: [FieldDescriptor] {
    (0..<Int(raw.pointee.n_fields)).map { FieldDescriptor(raw.pointee.fields + $0) }
  }

  package func field(_ name: String) -> FieldDescriptor? { fields.first { $0.name == name } }

  func field(number: UInt32) -> FieldDescriptor? {
    protobuf_c_message_descriptor_get_field(raw, number).map(FieldDescriptor.init)
  }
}

extension MessageDescriptor: Equatable {
  package static func == (a: MessageDescriptor, b: MessageDescriptor) -> Bool { a.raw == b.raw }
}
