import BahariFrame
import Dispatch

/// Connecting, and the way from waiting calls to the socket.
extension Link {
  /// Takes calls from the queue as far as the connection, the limit and the outbox allow.
  func advance() {
    waiting.dropFinished()
    guard !waiting.isEmpty else { return }
    switch state {
    case .idle: connect()
    case .backingOff: break
    case .connected: fillOutbox()
    }
  }

  func connect() {
    let now = Clock.now
    if backoff.earliest > now { return waitToConnect(backoff.earliest - now) }
    do {
      switch try UnixConnect.open(path) {
      case .busy:
        backoff.failed(at: now)
        waitToConnect(backoff.earliest - now)
      case .connected(let descriptor):
        try adopt(descriptor)
        fillOutbox()
      }
    } catch {
      backoff.failed(at: now)
      while let call = waiting.popFirst() { finish(call, .failure(error)) }
    }
  }

  func waitToConnect(_ nanoseconds: UInt64) {
    state = .backingOff
    executor.queue.asyncAfter(deadline: .now() + .nanoseconds(Int(nanoseconds))) { [weak self] in
      self?.assumeIsolated { link in
        guard case .backingOff = link.state else { return }
        link.state = .idle
        link.advance()
      }
    }
  }

  func adopt(_ descriptor: Int32) throws(BahariError) {
    let port = try SocketPort(
      descriptor: descriptor, queue: executor.queue,
      readable: { [weak self] in self?.assumeIsolated { $0.receive() } },
      writable: { [weak self] in self?.assumeIsolated { $0.roomToSend() } })
    outbox.removeAll()
    decoder = FrameDecoder()
    inbox = ReceiveBuffer()
    sentBytes = 0
    state = .connected(port)
  }

  func fillOutbox() {
    while inFlight.count < Self.mostCallsInFlight, outbox.count < Self.outboxLimit, let call = waiting.popFirst() {
      send(call)
    }
  }

  func send(_ call: Call) {
    repeat { lastStream &+= 2 } while inFlight[lastStream] != nil
    call.stream = lastStream
    inFlight[lastStream] = call
    let now = Clock.now
    let remaining = call.deadline > now ? call.deadline - now : 1
    let request = call.request
    request.payload.withUnsafeBytes { payload in
      outbox.request(
        stream: call.stream, service: request.service, method: request.method, payload: payload,
        timeoutNanoseconds: Int64(clamping: remaining), flags: request.streams ? .remoteClosed : [])
    }
    call.sentUpTo = sentBytes + UInt64(outbox.count)
    flushSoon()
  }

  /// Sends after the jobs that are queued by now, so that their frames leave in the same system call.
  func flushSoon() {
    guard !flushIsDue else { return }
    flushIsDue = true
    executor.queue.async { self.assumeIsolated { $0.flush() } }
  }

  func roomToSend() {
    guard case .connected(let port) = state else { return }
    port.stopAwaitingRoom()
    flush()
  }

  func flush() {
    flushIsDue = false
    guard case .connected(let port) = state else { return }
    while outbox.count > 0 {
      switch port.send(outbox.bytes) {
      case .bytes(let count):
        sentBytes += UInt64(count)
        outbox.consume(count)
        if outbox.count < Self.outboxLimit / 2 { advance() }
      case .wouldBlock: return port.awaitRoom()
      case .closed: return lose("the daemon closed the connection")
      case .failed(let number):
        // What the daemon said before it went still waits to be read: reading finds the end, too.
        receive()
        if case .connected(let current) = state, current === port { lose("sending failed: \(text(ofError: number))") }
        return
      }
    }
    outbox.shrink(to: Self.outboxLimit)
  }
}
