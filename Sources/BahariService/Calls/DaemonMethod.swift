/// A method of the daemon itself, such as StatsService/Get; its service belongs to no table.
struct DaemonMethod: Sendable {
  let service: String
  let name: String
  /// The Indonesian sentence in the field `message` of a successful reply.
  let sentence: String
  /// Makes the object that runs the method's calls on one shard. The service lives longer than this object.
  let runner: @Sendable (BoundMethod, Service) -> any MethodRunner

  static let all: [DaemonMethod] = [.descriptor, .stats, .health]
}
