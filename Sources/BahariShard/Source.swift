import Glibc

/// An open file descriptor, closed when its last user lets go of it.
///
/// Every source holds its descriptor until the poller has let go of the number, so that a number given out
/// again never carries the events of its predecessor.
package final class Descriptor: Sendable {
  package let raw: Int32

  /// Takes over `raw`.
  package init(_ raw: Int32) { self.raw = raw }

  /// A copy with a number of its own, or nil when there are no numbers left.
  package convenience init?(copying raw: Int32) {
    let copy = fcntl(raw, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { return nil }
    self.init(copy)
  }

  deinit { close(raw) }
}

/// Tells a shard while a descriptor can be read or written. Starts suspended, may be suspended and resumed
/// any number of times, and is cancelled at the latest when it is released. A descriptor has at most one
/// reading and one writing source.
package final class Source {
  enum Kind {
    case reading, writing
  }

  private let descriptor: Descriptor
  private let poller: Poller
  private let interest: Poller.Interest
  private var isCancelled = false

  private init(_ kind: Kind, _ descriptor: Descriptor, _ poller: Poller, _ handler: @escaping () -> Void) {
    self.descriptor = descriptor
    self.poller = poller
    interest = Poller.Interest(handler)
    poller.add(interest, kind, in: descriptor.raw)
  }

  /// Whether events are delivered.
  package var isActive: Bool { interest.isActive }

  /// Calls `handler` while `descriptor` has something to read, or has ended.
  package static func reading(
    _ descriptor: Descriptor, on shard: isolated Shard, _ handler: @escaping () -> Void
  ) -> Source {
    shard.startPolling()
    return Source(.reading, descriptor, shard.poller, handler)
  }

  /// Calls `handler` while `descriptor` takes something to write.
  package static func writing(
    _ descriptor: Descriptor, on shard: isolated Shard, _ handler: @escaping () -> Void
  ) -> Source {
    shard.startPolling()
    return Source(.writing, descriptor, shard.poller, handler)
  }

  package func resume() {
    guard !isActive, !isCancelled else { return }
    interest.isActive = true
    poller.update(descriptor.raw)
  }

  package func suspend() {
    guard isActive, !isCancelled else { return }
    interest.isActive = false
    poller.update(descriptor.raw)
  }

  /// No event comes any more; the descriptor is let go.
  package func cancel() {
    guard !isCancelled else { return }
    isCancelled = true
    interest.isActive = false
    poller.remove(interest, descriptor.raw)
  }

  deinit { cancel() }
}
