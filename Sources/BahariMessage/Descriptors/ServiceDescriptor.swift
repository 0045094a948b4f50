/// A service of the .proto files.
package struct ServiceDescriptor: Sendable {
  /// The full name, such as bahari.v1.DesaService.
  package let name: String
  package let methods: [MethodDescriptor]

  package func method(_ name: String) -> MethodDescriptor? { methods.first { $0.name == name } }
}
