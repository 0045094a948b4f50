import BahariCall
import BahariFrame

/// The streams of one connection that have a call in flight. Decides how each received frame is handled. Pure: it has
/// no socket or clock.
struct StreamTable<Call> {
  enum Verdict {
    /// Start a call on the frame's stream, and `insert` the call into the table.
    case start
    /// End this call because its client sent a cancel frame.
    case cancel(Call)
    /// End this call with an error, because the frame on its stream is not allowed.
    case abort(Call, FrameRefusal)
    /// Answer the frame with an error. Calls in flight continue.
    case refuse(FrameRefusal)
    case ignore
  }

  private var calls: [UInt32: Call] = [:]
  private let limit: Int

  /// - Parameter limit: The largest number of calls in flight on the connection.
  init(limit: Int) { self.limit = limit }

  var isEmpty: Bool { calls.isEmpty }

  var streams: some Collection<UInt32> { calls.keys }

  mutating func insert(_ call: Call, _ stream: UInt32) { calls[stream] = call }

  mutating func remove(_ stream: UInt32) { calls[stream] = nil }

  mutating func removeAll() -> [Call] {
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

  /// Handles a data frame. No method takes a stream of messages, so data is an error; only the empty frame with which a
  /// client closes its side of a stream is allowed.
  private func data(_ header: FrameHeader) -> Verdict {
    guard let call = calls[header.stream] else {
      return .refuse(FrameRefusal(.malformed, "stream \(header.stream) is not open"))
    }
    if header.length == 0, header.flags.contains([.remoteClosed, .noData]) { return .ignore }
    return .abort(
      call, FrameRefusal(.malformed, "the method of stream \(header.stream) takes one message and no more"))
  }

  /// The verdict on a frame that is longer than the limit and whose data is skipped. A data frame on the stream of a
  /// call in flight ends that call, so that the stream gets only one answer.
  func verdict(onOversize header: FrameHeader) -> Verdict {
    guard header.type == .data, let call = calls[header.stream] else { return .refuse(.tooLarge(header)) }
    return .abort(call, .tooLarge(header))
  }
}

extension FrameRefusal {
  static func tooLarge(_ header: FrameHeader) -> FrameRefusal {
    FrameRefusal(
      .frameTooLarge,
      "the frame on stream \(header.stream) has \(header.length) bytes and may have \(FrameLimits.data)")
  }
}
