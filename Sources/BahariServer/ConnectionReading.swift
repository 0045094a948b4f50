import BahariCall
import BahariFrame
import BahariShard
import Glibc

/// Reads bytes from the socket, cuts them into frames, and starts a call for each request.
extension ClientConnection {
  func readable(on shard: isolated Shard) {
    for _ in 0..<state.limits.readsPerEvent {
      let buffer = scratch.bytes
      let length = read(descriptor.raw, buffer.baseAddress, buffer.count)
      traffic.reads += 1
      if length > 0 {
        take(UnsafeRawBufferPointer(rebasing: buffer[..<length]), on: shard)
        guard length == buffer.count, state.isReading else { return }
      } else if length == 0 {
        inBuffer = InBuffer()
        return perform(state.endOfFile(isPeerGone: isPeerGone), on: shard)
      } else if errno != EINTR {
        if errno != EAGAIN { close(on: shard) }
        return
      }
    }
  }

  private func take(_ bytes: UnsafeRawBufferPointer, on shard: isolated Shard) {
    // Handling a frame never closes the connection before the end of the event, so `inBuffer` does not change while its
    // frames are read.
    let frames = inBuffer.feed(bytes) { event in
      handle(event, on: shard)
      return state.phase == .open
    }
    perform(state.read(frames: frames > 0, isMidFrame: inBuffer.isMidFrame), on: shard)
  }

  private func handle(_ event: FrameEvent, on shard: isolated Shard) {
    switch event {
    case .frame(let header, let data): obey(state.streams.verdict(on: header), header, data, on: shard)
    case .oversize(let header):
      obey(state.streams.verdict(onOversize: header), header, UnsafeRawBufferPointer(start: nil, count: 0), on: shard)
    case .hopeless(let header):
      refuse(header, .tooLarge(header), on: shard)
      perform(state.stop(), on: shard)
    }
  }

  private func obey(
    _ verdict: StreamTable<any ServedCall>.Verdict, _ header: FrameHeader, _ data: UnsafeRawBufferPointer,
    on shard: isolated Shard
  ) {
    switch verdict {
    case .start: start(header, data, on: shard)
    case .cancel(let call): call.cancel(isGone: false, on: shard)
    case .abort(let call, let refusal): call.abort(refusal, on: shard)
    case .refuse(let refusal): refuse(header, refusal, on: shard)
    case .ignore: break
    }
  }

  private func start(_ header: FrameHeader, _ data: UnsafeRawBufferPointer, on shard: isolated Shard) {
    do {
      let request = try RequestEnvelope(data)
      let call = handler.makeCall(stream: header.stream, peer: peer, sink: self)
      state.started(call, header.stream)
      call.start(request, on: shard)
    } catch {
      refuse(header, FrameRefusal(.malformed, "the request cannot be decoded: \(error)"), on: shard)
    }
  }

  private func refuse(_ header: FrameHeader, _ refusal: FrameRefusal, on shard: isolated Shard) {
    out.writer.response(stream: header.stream, status: handler.status(of: refusal))
    wroteFrame(on: shard)
  }
}
