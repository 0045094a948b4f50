import CBahari
import CProtobuf

/// A message type as protoc-c describes it.
///
/// `@unchecked Sendable` because it wraps a pointer to constant data of the executable, as do the
/// descriptors below.
package struct MessageDescriptor: @unchecked Sendable {
  package let raw: UnsafePointer<ProtobufCMessageDescriptor>

  init(_ raw: UnsafePointer<ProtobufCMessageDescriptor>) { self.raw = raw }

  /// The full name: bahari.v1.Desa.
  package var name: String { String(cString: raw.pointee.name) }

  /// All fields, by ascending number.
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

/// What a field holds, as far as Bahari uses it.
package enum FieldKind: Sendable, Equatable {
  case int32, int64, double, bool, enumeration, string, bytes, message

  /// How one value of the kind stands on the wire.
  var isLengthDelimited: Bool { self == .string || self == .bytes || self == .message }
}

/// A field of a message, as protobuf-c's generated code has it.
///
/// `@unchecked Sendable`: what `raw` points to is constant data of the program.
package struct FieldDescriptor: @unchecked Sendable {
  let raw: UnsafePointer<ProtobufCFieldDescriptor>
  package let number: UInt32
  package let kind: FieldKind
  package let isRepeated: Bool
  /// Where the value lies in the unpacked struct, and the flag or count that goes with it.
  let offset: Int
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

  /// The type of a message field.
  package var message: MessageDescriptor? {
    guard kind == .message, let descriptor = raw.pointee.descriptor else { return nil }
    return MessageDescriptor(descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self))
  }

  /// Whether `value` is one of an enumeration field's values.
  package func isDefined(_ value: Int32) -> Bool {
    guard kind == .enumeration, let descriptor = raw.pointee.descriptor else { return false }
    let type = descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
    return protobuf_c_enum_descriptor_get_value(type, value) != nil
  }
}

extension FieldKind {
  /// The .proto files use no other types; a new one is to be handled here and where kinds are switched over.
  fileprivate init(_ type: ProtobufCType) {
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

/// A method of a service. Whether it streams is not in protobuf-c's descriptors.
package struct MethodDescriptor: Sendable {
  package let name: String
  package let input: MessageDescriptor
  package let output: MessageDescriptor
}

package struct ServiceDescriptor: Sendable {
  /// The full name: bahari.v1.DesaService.
  package let name: String
  package let methods: [MethodDescriptor]

  package func method(_ name: String) -> MethodDescriptor? { methods.first { $0.name == name } }
}

/// Everything that the .proto files declare.
package enum Descriptors {
  package static let services: [ServiceDescriptor] = {
    var count = 0
    guard let list = bahari_services(&count) else { return [] }
    return (0..<count).compactMap { list[$0].map(service) }
  }()

  package static func service(_ name: String) -> ServiceDescriptor? { services.first { $0.name == name } }

  /// A serialized google.protobuf.FileDescriptorSet with all imports.
  package static func withFileDescriptorSet<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T {
    var length = 0
    let start = bahari_file_descriptor_set(&length)
    return body(UnsafeRawBufferPointer(start: start, count: length))
  }

  private static func service(_ raw: UnsafePointer<ProtobufCServiceDescriptor>) -> ServiceDescriptor {
    let methods = (0..<Int(raw.pointee.n_methods)).compactMap { index -> MethodDescriptor? in
      let method = raw.pointee.methods[index]
      guard let name = method.name, let input = method.input, let output = method.output else { return nil }
      return MethodDescriptor(
        name: String(cString: name), input: MessageDescriptor(input), output: MessageDescriptor(output))
    }
    return ServiceDescriptor(name: String(cString: raw.pointee.name), methods: methods)
  }
}
