/// A service that the .proto files declare.
package struct ServiceDescriptor: Sendable {
  /// The service's full name, such as bahari.v1.DesaService.
  package let name: String
  package let methods: [MethodDescriptor]

  package func method(_ name: String) -> MethodDescriptor? { methods.first { $0.name == name } }
}
