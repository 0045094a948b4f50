import CProtobuf

/// A field of a message type, read from the code that protoc-c has generated.
///
/// `@unchecked Sendable` because it wraps a pointer to constant data of the executable.
package struct FieldDescriptor: @unchecked Sendable {
  let raw: UnsafePointer<ProtobufCFieldDescriptor>
  package let number: UInt32
  package let kind: FieldKind
  package let isRepeated: Bool
  /// Offset of the value in protobuf-c's struct of the message.
  let offset: Int
  /// Offset of the presence flag, or of the element count of a repeated field.
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

  /// The message type of a message field; nil for other fields.
  package var message: MessageDescriptor? {
    guard kind == .message, let descriptor = raw.pointee.descriptor else { return nil }
    return MessageDescriptor(descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
  }

  /// Whether `value` is defined in the field's enumeration; false for fields of another type.
  package func isDefined(_ value: Int32) -> Bool {
    guard kind == .enumeration, let descriptor = raw.pointee.descriptor else { return false }
    let type = descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
    return protobuf_c_enum_descriptor_get_value(type, value) != nil
  }
}
