import BahariCall
import BahariFrame
import BahariShard
import Glibc

/// Writes the answers of calls as frames into the send buffer.
extension ClientConnection: CallSink {
  func reply(_ payload: UnsafeRawBufferPointer, to stream: UInt32, on shard: isolated Shard) {
    out.writer.response(stream: stream, payload: payload)
    finished(stream, on: shard)
  }

  func part(_ payload: UnsafeRawBufferPointer, of stream: UInt32, on shard: isolated Shard) {
    out.writer.data(stream: stream, payload: payload)
    wroteFrame(on: shard)
  }

  func end(of stream: UInt32, on shard: isolated Shard) {
    out.writer.endOfStream(stream)
    finished(stream, on: shard)
  }

  func fail(_ status: Status, _ stream: UInt32, on shard: isolated Shard) {
    out.writer.response(stream: stream, status: status)
    finished(stream, on: shard)
  }

  var takesMore: Bool { state.takesMore }

  func whenItTakesMore(_ body: @escaping () -> Void) {
    if state.takesMore { body() } else { wait(body) }
  }

  private func finished(_ stream: UInt32, on shard: isolated Shard) {
    traffic.frames += 1
    perform(state.finished(stream, unsent: out.count), on: shard)
  }

  /// Counts a frame that was written and does not end a call, and schedules its sending.
  func wroteFrame(on shard: isolated Shard) {
    traffic.frames += 1
    perform(state.wrote(unsent: out.count), on: shard)
  }
}

/// Sends answers at the end of the event in which they were written, with one write for all of them.
extension ClientConnection: EventEnd {
  func eventEnded(on shard: isolated Shard) {
    state.eventEnded()
    flush(on: shard)
  }

  /// Sends as many bytes as the socket accepts. The rest is sent when the socket accepts bytes again.
  func flush(on shard: isolated Shard) {
    guard state.phase != .closed else { return }
    var hasSent = false
    while out.count > 0 {
      let sent = send(descriptor.raw, out.bytes.baseAddress, out.count, Int32(MSG_NOSIGNAL))
      traffic.writes += 1
      if sent > 0 {
        out.consume(sent)
        hasSent = true
      } else if errno == EAGAIN {
        break
      } else if errno != EINTR {
        return close(on: shard)
      }
    }
    perform(state.flushed(hasSent: hasSent, unsent: out.count), on: shard)
  }
}
