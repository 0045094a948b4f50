import CProtobuf

/// A field of a message type. Its properties are read from the descriptors that protoc-c generates.
///
/// `@unchecked Sendable` because the wrapped pointer points to constant data of the executable.
package struct FieldDescriptor: @unchecked Sendable {
  let raw: UnsafePointer<ProtobufCFieldDescriptor>
  package let number: UInt32
  package let kind: FieldKind
  package let isRepeated: Bool
  /// The offset of the field's value in protobuf-c's struct for the message, in bytes.
  let offset: Int
  /// The offset of the field's presence flag or, for a repeated field, of its element count, in bytes.
  let quantifierOffset: Int

  init(_ raw: UnsafePointer<ProtobufCFieldDescriptor>) {
    self.raw = raw
    number = raw.pointee.id
    kind = FieldKind(raw.pointee.type)
    isRepeated = raw.pointee.label == PROTOBUF_C_LABEL_REPEATED
    offset = Int(raw.pointee.offset)
    quantifierOffset = Int(raw.pointee.quantifier_offset)
  }

  package var name: String { String(cString: raw.pointee.name) }

  /// The message type of the field's value; nil if the value is not a message.
  package var message: MessageDescriptor? {
    guard kind == .message, let descriptor = raw.pointee.descriptor else { return nil }
    return MessageDescriptor(descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
  }

  /// Whether the field's enumeration defines `value`; false if the field has no enumeration type.
  package func isDefined(_ value: Int32) -> Bool {
    guard kind == .enumeration, let descriptor = raw.pointee.descriptor else { return false }
    let type = descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
    return protobuf_c_enum_descriptor_get_value(type, value) != nil
  }
}
