/// A method of a service. It does not include whether the method streams, because protobuf-c's descriptors lack this.
package struct MethodDescriptor: Sendable {
  package let name: String
  package let input: MessageDescriptor
  package let output: MessageDescriptor
}
