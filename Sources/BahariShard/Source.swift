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

  /// Whether the other end is gone for good; what it sent may still be there.
  var isHungUp: Bool {
    var wanted = pollfd(fd: raw, events: 0, revents: 0)
    return poll(&wanted, 1, 0) > 0 && wanted.revents & Int16(POLLHUP | POLLERR) != 0
  }

  deinit { close(raw) }
}

/// Tells a shard when a descriptor can be read or written. Starts suspended, may be suspended and
/// resumed any number of times, and is cancelled at the latest when it is released.
package final class Source {
  private let source: any DispatchSourceProtocol
  private let handler: Handler
  /// Whether events are delivered.
  package private(set) var isActive = false {
    didSet { handler.isActive = isActive }
  }
  private var isCancelled = false

  private init(
    _ source: any DispatchSourceProtocol, _ descriptor: Descriptor, _ handler: Handler,
    _ event: @escaping @Sendable () -> Void
  ) {
    self.source = source
    self.handler = handler
    source.setEventHandler(handler: event)
    source.setCancelHandler { withExtendedLifetime(descriptor) {} }
  }

  /// Calls `handler` while `descriptor` has something to read, or has ended.
  package static func reading(
    _ descriptor: Descriptor, on shard: isolated Shard, _ handler: @escaping () -> Void
  ) -> Source {
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor.raw, queue: shard.queue)
    let (shard, handler) = (shard as Shard, Handler(handler))
    return Source(source, descriptor, handler) { handler.call(on: shard, reading: descriptor) }
  }

  /// Calls `handler` while `descriptor` takes something to write.
  package static func writing(
    _ descriptor: Descriptor, on shard: isolated Shard, _ handler: @escaping () -> Void
  ) -> Source {
    let source = DispatchSource.makeWriteSource(fileDescriptor: descriptor.raw, queue: shard.queue)
    let (shard, handler) = (shard as Shard, Handler(handler))
    return Source(source, descriptor, handler) { handler.call(on: shard) }
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
    isActive = false
  }

  deinit { cancel() }
}
