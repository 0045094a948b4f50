import Glibc

/// Calls a handler on a shard while a descriptor is readable or writable. A source starts suspended, can be resumed and
/// suspended any number of times, and is cancelled when it is released, if not before. A descriptor has at most one
/// reading and one writing source.
package final class Source {
  enum Kind {
    case reading, writing
  }

  private let descriptor: OwnedFileDescriptor
  private let poller: Poller
  private let interest: Poller.Interest

  private init(_ kind: Kind, _ descriptor: OwnedFileDescriptor, _ poller: Poller, _ handler: @escaping () -> Void) {
    self.descriptor = descriptor
    self.poller = poller
    interest = Poller.Interest(handler)
    poller.add(interest, kind, in: descriptor.raw)
  }

  /// Whether the handler is called for events.
  package var isActive: Bool { interest.isActive }

  /// Makes a source that calls `handler` while `descriptor` has bytes to read or is at its end.
  package static func reading(
    _ descriptor: OwnedFileDescriptor, on shard: isolated Shard, _ handler: @escaping () -> Void
  ) -> Source {
    shard.startPolling()
    return Source(.reading, descriptor, shard.poller, handler)
  }

  /// Makes a source that calls `handler` while `descriptor` accepts bytes.
  package static func writing(
    _ descriptor: OwnedFileDescriptor, on shard: isolated Shard, _ handler: @escaping () -> Void
  ) -> Source {
    shard.startPolling()
    return Source(.writing, descriptor, shard.poller, handler)
  }

  package func resume() {
    guard interest.state == .suspended else { return }
    interest.state = .active
    poller.update(descriptor.raw)
  }

  package func suspend() {
    guard interest.state == .active else { return }
    interest.state = .suspended
    poller.update(descriptor.raw)
  }

  /// Stops the calls of the handler for good, and removes the source from the poller.
  package func cancel() {
    guard interest.state != .cancelled else { return }
    interest.state = .cancelled
    poller.remove(interest, descriptor.raw)
  }

  deinit { cancel() }
}
