import BahariCall
import BahariFrame
import BahariShard
import Glibc

/// One client's socket on one shard, from accept to close. It holds the buffers, sources and timers; a
/// `ConnectionState` makes the decisions. Each method reports an event to that state and performs the actions that the
/// state returns.
///
/// `ConnectionReading.swift` has the part that reads requests, `ConnectionWriting.swift` the part that sends answers.
final class ClientConnection {
  let descriptor: OwnedFileDescriptor
  let peer: Peer
  let handler: any CallHandler
  let scratch: ReadBuffer
  let traffic: Traffic
  private let onClose: (ClientConnection) -> Void
  var state: ConnectionState<any ServedCall>
  var inBuffer = InBuffer()
  var out = OutBuffer()
  /// Closures of streaming calls that wait until enough unsent bytes have been sent.
  private var waiting: [() -> Void] = []
  private var readSource: Source?
  private var writeSource: Source?
  private var timers = ConnectionTimers()

  init(
    _ descriptor: OwnedFileDescriptor, _ peer: Peer, _ handler: any CallHandler, _ limits: ServerLimits,
    _ scratch: ReadBuffer,
    _ traffic: Traffic, onClose: @escaping (ClientConnection) -> Void
  ) {
    self.descriptor = descriptor
    self.peer = peer
    self.handler = handler
    self.scratch = scratch
    self.traffic = traffic
    self.onClose = onClose
    state = ConnectionState(limits: limits)
  }

  func open(on shard: isolated Shard) {
    // The closures of sources and timers hold `self` unowned: `release` cancels all of them before the connection is
    // freed. A weak reference would make every use of a connection slower.
    readSource = .reading(descriptor, on: shard) { [unowned self] in readable(on: shard) }
    perform(state.open(), on: shard)
  }

  func close(on shard: isolated Shard) { perform(state.close(), on: shard) }

  /// Whether no call is in flight, no bytes wait to be sent, and no request waits unread in the socket.
  var isIdle: Bool { state.isQuiet && !hasUnread }

  private var hasUnread: Bool { state.phase == .open && polled(Int16(POLLIN)) != 0 }

  /// Whether the client has closed its socket, and not only its sending side.
  var isPeerGone: Bool { polled(0) & Int16(POLLHUP | POLLERR) != 0 }

  private func polled(_ events: Int16) -> Int16 {
    var poll = pollfd(fd: descriptor.raw, events: events, revents: 0)
    return Glibc.poll(&poll, 1, 0) > 0 ? poll.revents : 0
  }

  // MARK: Actions

  func perform(_ actions: ConnectionActions, on shard: isolated Shard) {
    guard !actions.isEmpty else { return }
    guard !actions.contains(.close) else { return release(on: shard) }
    if actions.contains(.resumeReading) { readSource?.resume() }
    if actions.contains(.pauseReading) { readSource?.suspend() }
    if actions.contains(.endReading) {
      // The source must be cancelled: at the end of file a socket stays readable, so the source would fire without
      // pause.
      readSource?.cancel()
      readSource = nil
    }
    if actions.contains(.watchWriting) { watchWriting(on: shard) }
    if actions.contains(.ignoreWriting) { writeSource?.suspend() }
    if actions.concernTimers { setTimers(actions, on: shard) }
    if actions.contains(.flush) { shard.atEndOfEvent(self) }
    if actions.contains(.shrink) { out.writer.shrink(to: state.limits.idleBufferBytes) }
    if actions.contains(.wake), !waiting.isEmpty { wake() }
  }

  private func watchWriting(on shard: isolated Shard) {
    if writeSource == nil { writeSource = .writing(descriptor, on: shard) { [unowned self] in flush(on: shard) } }
    writeSource?.resume()
  }

  private func setTimers(_ actions: ConnectionActions, on shard: isolated Shard) {
    for timer in ConnectionTimer.allCases {
      if actions.contains(.cancel(timer)) { cancel(timer, on: shard) }
      if actions.contains(.arm(timer)) { arm(timer, on: shard) }
    }
  }

  private func arm(_ timer: ConnectionTimer, on shard: isolated Shard) {
    timers[timer] = shard.schedule(after: state.limits.nanoseconds(timer)) { [unowned self] in
      timers[timer] = nil
      perform(state.fired(timer, isPeerGone: timer == .hangup && isPeerGone), on: shard)
    }
  }

  private func cancel(_ timer: ConnectionTimer, on shard: isolated Shard) {
    guard let armed = timers[timer] else { return }
    shard.cancel(armed)
    timers[timer] = nil
  }

  private func release(on shard: isolated Shard) {
    readSource?.cancel()
    writeSource?.cancel()
    (readSource, writeSource) = (nil, nil)
    inBuffer = InBuffer()
    for timer in ConnectionTimer.allCases { cancel(timer, on: shard) }
    for call in state.takeCalls() { call.cancel(isGone: true, on: shard) }
    wake()
    onClose(self)
  }

  // MARK: Streams

  func wait(_ body: @escaping () -> Void) { waiting.append(body) }

  private func wake() {
    let bodies = waiting
    waiting.removeAll()
    for body in bodies { body() }
  }
}
