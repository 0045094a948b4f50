import BahariFrame
import Dispatch

/// Connecting, and the way from waiting calls to the socket.
extension Link {
  /// Sees to it that waiting calls are sent, if they can be.
  func advance() {
    waiting.dropFinished()
    guard !waiting.isEmpty else { return }
    switch state {
    case .idle: connect()
    case .backingOff: break
    case .connected: if inFlight.count < Self.mostCallsInFlight { flushSoon() }
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
        flushSoon()
      }
    } catch {
      backoff.failed(at: now)
      lastRefusal = error.message
      var error = error
      if reached.isWorthWaiting, error.code == .unavailable { error.loss = .unreachable }
      for call in waiting.removeAll() { finish(call, .failure(error)) }
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
    highestStream = 0
    lastRefusal = nil
    reached.note()
    state = .connected(port)
  }

  /// Takes calls from the queue as far as the limit and the outbox allow.
  func fillOutbox() {
    while inFlight.count < Self.mostCallsInFlight, outbox.count < Self.outboxLimit, let call = waiting.popFirst() {
      let now = Clock.now
      if call.request.deadline > now {
        write(call, remaining: call.request.deadline - now)
      } else {
        call.finish(.failure(lateError(call.request, "did not get its turn")))
      }
    }
  }

  private func write(_ call: Call, remaining: UInt64) {
    repeat { lastStream &+= 2 } while inFlight[lastStream] != nil
    call.stream = lastStream
    highestStream = max(highestStream, lastStream)
    inFlight[lastStream] = call
    let request = call.request
    let start = sentBytes + UInt64(outbox.count)
    request.payload.withUnsafeBytes { payload in
      outbox.request(
        stream: call.stream, service: request.service, method: request.method, payload: payload,
        timeoutNanoseconds: Int64(clamping: remaining), flags: request.streams ? .remoteClosed : [])
    }
    call.frame = start..<sentBytes + UInt64(outbox.count)
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
    while true {
      fillOutbox()
      guard outbox.count > 0 else { break }
      switch port.send(outbox.bytes) {
      case .bytes(let count):
        sentBytes += UInt64(count)
        outbox.consume(count)
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
