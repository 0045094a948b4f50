import BahariShard

extension Shard {
  /// Runs `body` on the shard, as an async function that resumed there does: outside any event.
  package func run<T: Sendable>(_ body: @Sendable (isolated Shard) throws -> T) rethrows -> T { try body(self) }
}
