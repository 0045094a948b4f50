/// A method of a service. It does not include whether the method streams, which protobuf-c's descriptors lack.
package struct MethodDescriptor: Sendable {
  package let name: String
  package let input: MessageDescriptor
  package let output: MessageDescriptor
}
