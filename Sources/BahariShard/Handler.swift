/// Carries a closure that belongs to a shard into the handler of a dispatch source.
///
/// `@unchecked Sendable` because dispatch requires Sendable handlers. The closure is called only on the shard's queue,
/// inside `assumeIsolated`, which checks that.
final class Handler: @unchecked Sendable {
  private let body: () -> Void

  init(_ body: @escaping () -> Void) { self.body = body }

  func call(on shard: Shard) {
    shard.assumeIsolated { _ in body() }
  }
}
