import BahariFrame

/// Passes the frames that the daemon sends to the calls that they answer. This code uses neither the socket nor a
/// clock.
extension CallTable {
  mutating func handle(_ event: FrameEvent) throws(ProtocolBreach) {
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
      // Frames for a call that was cancelled or has ended are dropped.
      guard let call = inFlight[header.stream] else { return }
      switch header.type {
      case .response: try handleResponse(call, data)
      case .data: try handleData(call, header, data)
      case .request, .cancel: throw ProtocolBreach("a frame of type \(header.rawType), which only clients send")
      case nil: break  // ignored: a later version of the protocol may add types
      }
    }
  }

  private mutating func handleResponse(_ call: Call, _ data: UnsafeRawBufferPointer) throws(ProtocolBreach) {
    do {
      let envelope = try ResponseEnvelope(data)
      if let status = envelope.status {
        return finish(call, .failure(BahariError(status, isRead: call.request.effect == .read)))
      }
      if !call.request.streams || envelope.payload.count > 0 { deliver(Array(envelope.payload), to: call) }
      finish(call, .success(()))
    } catch {
      throw ProtocolBreach("an unreadable reply to \(call.request.name): \(error)")
    }
  }

  private mutating func handleData(
    _ call: Call, _ header: FrameHeader, _ data: UnsafeRawBufferPointer
  ) throws(ProtocolBreach) {
    guard call.request.streams else {
      throw ProtocolBreach("a message of a stream in reply to \(call.request.name), which has one reply")
    }
    if !header.flags.contains(.noData) { deliver(Array(data), to: call) }
    if header.flags.contains(.remoteClosed) { finish(call, .success(())) }
  }
}
