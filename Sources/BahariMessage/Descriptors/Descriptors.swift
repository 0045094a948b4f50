import CBahari
import CProtobuf

/// All services that the .proto files declare. Every message type can be found through their methods.
package enum Descriptors {
  package static let services: [ServiceDescriptor] = {
    var count = 0
    guard let list = bahari_services(&count) else { return [] }
    return (0..<count).compactMap { list[$0].map(service) }
  }()

  package static func service(_ name: String) -> ServiceDescriptor? { services.first { $0.name == name } }

  /// Calls `body` with a serialized google.protobuf.FileDescriptorSet of all .proto files and their imports.
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
