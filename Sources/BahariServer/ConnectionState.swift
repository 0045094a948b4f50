import BahariCall
import BahariFrame

/// The streams of one connection and what each frame means for them. Pure: no sockets, no clock.
struct ConnectionState<Call> {
  enum Verdict {
    /// A call is to be started on this stream, and `opened`.
    case start
    /// A call is to be ended by its caller's wish.
    case cancel(Call)
    /// A call in flight is to be ended with an error.
    case abort(Call, FrameRefusal)
    /// The frame is answered with an error; no call is touched.
    case refuse(FrameRefusal)
    case ignore
  }

  private(set) var calls: [UInt32: Call] = [:]
  private let limit: Int

  init(limit: Int) { self.limit = limit }

  mutating func opened(_ stream: UInt32, _ call: Call) { calls[stream] = call }

  mutating func closed(_ stream: UInt32) { calls[stream] = nil }

  mutating func closeAll() -> [Call] {
    defer { calls.removeAll() }
    return Array(calls.values)
  }

  func verdict(on header: FrameHeader) -> Verdict {
    guard header.isClientStream else {
      return .refuse(FrameRefusal(.malformed, "stream \(header.stream) is even; clients count odd streams"))
    }
    switch header.type {
    case .request: return request(header)
    case .data: return data(header)
    case .cancel: return calls[header.stream].map { .cancel($0) } ?? .ignore
    case .response, nil: return .ignore
    }
  }

  private func request(_ header: FrameHeader) -> Verdict {
    if calls[header.stream] != nil {
      return .refuse(FrameRefusal(.malformed, "stream \(header.stream) is in use; take another"))
    }
    guard calls.count < limit else {
      return .refuse(
        FrameRefusal(.overloaded, "\(limit) calls are in flight on this connection; wait for one to end"))
    }
    return .start
  }

  /// No method takes a stream, so data is a mistake; that a client will send no more is none.
  private func data(_ header: FrameHeader) -> Verdict {
    guard let call = calls[header.stream] else {
      return .refuse(FrameRefusal(.malformed, "stream \(header.stream) is not open"))
    }
    if header.length == 0, header.flags.contains([.remoteClosed, .noData]) { return .ignore }
    return .abort(
      call, FrameRefusal(.malformed, "the method of stream \(header.stream) takes one message and no more"))
  }

  static func oversize(_ header: FrameHeader) -> FrameRefusal {
    FrameRefusal(
      .frameTooLarge,
      "the frame on stream \(header.stream) has \(header.length) bytes and may have \(FrameLimits.data)")
  }
}
