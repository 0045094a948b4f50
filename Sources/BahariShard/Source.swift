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
///
/// On Linux dispatch tells of a hangup once and drops the source: what was unread then, the end included,
/// would stay unread for ever. So while a descriptor is hung up, a source tells itself, event by event.
package final class Source {
  private let source: any DispatchSourceProtocol
  private let descriptor: Descriptor
  private let shard: Shard
  private let handler: () -> Void
  /// The next event of a hung-up descriptor is on its way.
  private var isRepeating = false
  /// Whether events are delivered.
  package private(set) var isActive = false
  private var isCancelled = false

  private init(
    _ source: any DispatchSourceProtocol, _ descriptor: Descriptor, _ shard: Shard, _ handler: @escaping () -> Void
  ) {
    self.source = source
    self.descriptor = descriptor
    self.shard = shard
    self.handler = handler
    let told = Handler { [weak self] in self?.tell() }
    source.setEventHandler { told.call(on: shard) }
    source.setCancelHandler { withExtendedLifetime(descriptor) {} }
  }

  private func tell() {
    guard isActive, !isCancelled else { return }
    handler()
    repeatIfHungUp()
  }

  private func repeatIfHungUp() {
    guard isActive, !isCancelled, !isRepeating else { return }
    var poll = pollfd(fd: descriptor.raw, events: 0, revents: 0)
    guard Glibc.poll(&poll, 1, 0) > 0, poll.revents & Int16(POLLHUP | POLLERR) != 0 else { return }
    isRepeating = true
    let again = Handler { [weak self] in
      self?.isRepeating = false
      self?.tell()
    }
    shard.queue.async { [shard] in again.call(on: shard) }
  }

  /// Calls `handler` while `descriptor` has something to read, or has ended.
  package static func reading(
    _ descriptor: Descriptor, on shard: isolated Shard, _ handler: @escaping () -> Void
  ) -> Source {
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor.raw, queue: shard.queue)
    return Source(source, descriptor, shard, handler)
  }

  /// Calls `handler` while `descriptor` takes something to write.
  package static func writing(
    _ descriptor: Descriptor, on shard: isolated Shard, _ handler: @escaping () -> Void
  ) -> Source {
    let source = DispatchSource.makeWriteSource(fileDescriptor: descriptor.raw, queue: shard.queue)
    return Source(source, descriptor, shard, handler)
  }

  package func resume() {
    guard !isActive, !isCancelled else { return }
    isActive = true
    source.resume()
    repeatIfHungUp()
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
