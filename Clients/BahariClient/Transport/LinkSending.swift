import BahariFrame
import Dispatch

/// Connects to the daemon and sends the calls that wait.
extension Link {
  /// If calls wait to be sent, connects if the link is idle, or schedules sending if it is connected.
  func advance() {
    guard calls.hasWaiting() else { return }
    switch state {
    case .idle: connect()
    case .backingOff, .closed: break
    case .connected: if calls.inFlight.count < Self.mostCallsInFlight { scheduleFlush() }
    }
  }

  private func connect() {
    let now = Clock.now
    if backoff.earliest > now { return waitToConnect(backoff.earliest - now) }
    do {
      switch try UnixConnect.open(path) {
      case .busy:
        backoff.failed(at: now)
        waitToConnect(backoff.earliest - now)
      case .connected(let descriptor):
        try adopt(descriptor)
        scheduleFlush()
      }
    } catch {
      backoff.failed(at: now)
      lastRefusal = error.message
      var error = error
      if reachability.isRecent, error.code == .unavailable { error.loss = .unreachable }
      for call in calls.removeWaiting() { calls.finish(call, .failure(error)) }
    }
  }

  private func waitToConnect(_ nanoseconds: UInt64) {
    state = .backingOff
    executor.queue.asyncAfter(deadline: .now() + .nanoseconds(Int(nanoseconds))) { [weak self] in
      self?.assumeIsolated { link in
        guard case .backingOff = link.state else { return }
        link.state = .idle
        link.advance()
      }
    }
  }

  private func adopt(_ descriptor: Int32) throws(BahariError) {
    let port = try SocketPort(
      descriptor: descriptor, queue: executor.queue,
      readable: { [weak self] in self?.assumeIsolated { $0.receive() } },
      writable: { [weak self] in self?.assumeIsolated { $0.socketIsWritable() } })
    outbox.removeAll()
    decoder = FrameDecoder()
    inbox = ReceiveBuffer()
    sentBytes = 0
    calls.connected()
    lastRefusal = nil
    reachability.noteContact()
    state = .connected(port)
  }

  /// Encodes waiting calls into frames in the outbox, until `mostCallsInFlight` or `outboxLimit` is reached. Calls
  /// whose deadline has passed fail instead.
  private func fillOutbox() {
    while calls.inFlight.count < Self.mostCallsInFlight, outbox.count < Self.outboxLimit,
      let call = calls.nextWaiting()
    {
      let now = Clock.now
      if call.request.deadline > now {
        write(call, remaining: call.request.deadline - now)
      } else {
        call.finish(.failure(late(call.request, "was not sent")))
      }
    }
  }

  private func write(_ call: Call, remaining: UInt64) {
    calls.begin(call)
    let request = call.request
    let start = sentBytes + UInt64(outbox.count)
    request.payload.withUnsafeBytes { payload in
      outbox.request(
        stream: call.stream, service: request.service, method: request.method, payload: payload,
        timeoutNanoseconds: Int64(clamping: remaining), flags: request.streams ? .remoteClosed : [])
    }
    call.frame = start..<sentBytes + UInt64(outbox.count)
  }

  /// Schedules one `flush` behind the work that is already on the queue, so that frames of calls made by that work are
  /// sent with the same system call.
  func scheduleFlush() {
    guard !flushIsScheduled else { return }
    flushIsScheduled = true
    executor.queue.async { self.assumeIsolated { $0.flush() } }
  }

  private func socketIsWritable() {
    guard case .connected(let port) = state else { return }
    port.stopWaitingForRoom()
    flush()
  }

  private func flush() {
    flushIsScheduled = false
    guard case .connected(let port) = state else { return }
    while true {
      fillOutbox()
      guard outbox.count > 0 else { break }
      switch port.send(outbox.bytes) {
      case .bytes(let count):
        sentBytes += UInt64(count)
        outbox.consume(count)
      case .wouldBlock: return port.waitForRoom()
      case .closed: return lose("the daemon closed the connection")
      case .failed(let number):
        // The daemon may have sent replies before it closed the connection: they are read first. Usually `receive` then
        // finds the connection closed and calls `lose`.
        receive()
        if case .connected(let current) = state, current === port { lose("sending failed: \(text(ofError: number))") }
        return
      }
    }
    outbox.shrink(to: Self.outboxLimit)
  }
}
