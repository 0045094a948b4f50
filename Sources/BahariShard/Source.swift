import Dispatch
import Glibc

/// An open file descriptor, closed when its last user lets go of it.
///
/// Every source holds its descriptor until dispatch has let go of the number: libdispatch keys sources by
/// it, and a number closed too early and given out again would leave the new descriptor without events.
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

/// Tells a shard when a descriptor can be read or written. Starts suspended, may be suspended and
/// resumed any number of times, and is cancelled at the latest when it is released.
package final class Source {
  private let source: any DispatchSourceProtocol
  /// Whether events are delivered.
  package private(set) var isActive = false
  private var isCancelled = false

  private init(_ source: any DispatchSourceProtocol, _ descriptor: Descriptor, _ shard: Shard, _ handler: Handler) {
    self.source = source
    source.setEventHandler { handler.call(on: shard) }
    source.setCancelHandler { withExtendedLifetime(descriptor) {} }
  }

  /// Calls `handler` while `descriptor` has something to read, or has ended.
  package static func reading(
    _ descriptor: Descriptor, on shard: isolated Shard, _ handler: @escaping () -> Void
  ) -> Source {
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor.raw, queue: shard.queue)
    return Source(source, descriptor, shard, Handler(handler))
  }

  /// Calls `handler` while `descriptor` takes something to write.
  package static func writing(
    _ descriptor: Descriptor, on shard: isolated Shard, _ handler: @escaping () -> Void
  ) -> Source {
    let source = DispatchSource.makeWriteSource(fileDescriptor: descriptor.raw, queue: shard.queue)
    return Source(source, descriptor, shard, Handler(handler))
  }

  package func resume() {
    guard !isActive, !isCancelled else { return }
    isActive = true
    source.resume()
  }

  package func suspend() {
    guard isActive, !isCancelled else { return }
    isActive = false
    source.suspend()
  }

  /// No event comes any more; the descriptor is let go.
  package func cancel() {
    guard !isCancelled else { return }
    source.cancel()
    // A source that is released while suspended crashes.
    if !isActive { source.resume() }
    isCancelled = true
  }

  deinit { cancel() }
}
