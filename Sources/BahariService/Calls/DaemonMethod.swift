/// A method of the daemon itself, on a service that belongs to no table.
struct DaemonMethod: Sendable {
  let service: String
  let name: String
  /// The Indonesian sentence of a successful reply.
  let sentence: String
  /// Makes what runs the method's calls on one shard. The service outlives it.
  let runner: @Sendable (BoundMethod, Service) -> any MethodRunner

  static let all: [DaemonMethod] = [.descriptor, .stats, .health]
}
