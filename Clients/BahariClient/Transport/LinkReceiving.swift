import BahariFrame

/// The way from the socket to the calls.
extension Link {
  /// Reads what is there, but leaves the queue to others after some rounds.
  func receive() {
    for _ in 0..<16 {
      guard case .connected(let port) = state else { return }
      switch port.receive(into: inbox.room()) {
      case .wouldBlock: return
      case .closed: return lose("the daemon closed the connection")
      case .failed(let number): return lose("receiving failed: \(text(ofError: number))")
      case .bytes(let count):
        inbox.added(count)
        do throws(ProtocolBreach) {
          try cutFrames()
        } catch {
          return fail(error)
        }
      }
      if undelivered > Self.undeliveredLimit { return port.pauseReading() }
    }
  }

  func cutFrames() throws(ProtocolBreach) {
    var breach: ProtocolBreach?
    inbox.drain { bytes in
      var offset = 0
      do throws(ProtocolBreach) {
        while let event = decoder.next(in: bytes, at: &offset) { try handle(event) }
      } catch {
        breach = error
      }
      return offset
    }
    if let breach { throw breach }
    advance()
  }

  func handle(_ event: FrameEvent) throws(ProtocolBreach) {
    switch event {
    case .oversize(let header), .hopeless(let header):
      throw ProtocolBreach("a frame of \(header.length) bytes, over the limit of \(FrameLimits.data)")
    case .frame(let header, let data):
      guard header.isClientStream else {
        throw ProtocolBreach("a frame on stream \(header.stream), which no client opens")
      }
      guard header.stream <= highestStream else {
        throw ProtocolBreach("a frame on stream \(header.stream), on which nothing was called")
      }
      backoff.succeeded()
      // A late answer to a call that was given up finds nobody, and neither does what comes after a call's end.
      guard let call = inFlight[header.stream] else { return }
      switch header.type {
      case .response: try handleResponse(call, data)
      case .data: try handleData(call, header, data)
      case .request, .cancel: throw ProtocolBreach("a frame of type \(header.rawType), which only clients send")
      case nil: break  // room for what the protocol adds one day
      }
    }
  }

  func handleResponse(_ call: Call, _ data: UnsafeRawBufferPointer) throws(ProtocolBreach) {
    do {
      let envelope = try ResponseEnvelope(data)
      if let status = envelope.status {
        return finish(call, .failure(BahariError(status, isRead: call.request.effect == .read)))
      }
      if !call.request.streams || envelope.payload.count > 0 { deliver(Array(envelope.payload), to: call) }
      finish(call, .success(()))
    } catch {
      throw ProtocolBreach("an unreadable answer to \(call.request.name): \(error)")
    }
  }

  func handleData(
    _ call: Call, _ header: FrameHeader, _ data: UnsafeRawBufferPointer
  ) throws(ProtocolBreach) {
    guard call.request.streams else {
      throw ProtocolBreach("a stream's message in answer to \(call.request.name), which has one reply")
    }
    if !header.flags.contains(.noData) { deliver(Array(data), to: call) }
    if header.flags.contains(.remoteClosed) { finish(call, .success(())) }
  }

  func deliver(_ message: [UInt8], to call: Call) {
    undelivered -= call.undelivered
    call.deliver(message)
    undelivered += call.undelivered
  }

  func take(from call: Call, _ continuation: CheckedContinuation<[UInt8]?, any Error>) {
    undelivered -= call.undelivered
    call.take(continuation)
    undelivered += call.undelivered
  }

  func readAgainIfTaken() {
    guard case .connected(let port) = state, port.isReadingPaused else { return }
    if undelivered < Self.undeliveredLimit / 2 { port.resumeReading() }
  }
}
