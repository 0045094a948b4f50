/// What runs out for a connection; each timer is armed at most once at a time.
enum ConnectionTimer: UInt32, CaseIterable {
  /// The client sends nothing and has no call in flight.
  case idle
  /// A frame has begun and is not complete.
  case frame
  /// Answers wait to be sent and the client reads none.
  case stall
  /// The client sends no more, and it is time to look whether it still reads.
  case hangup
}

/// The actions that a connection's driver performs after an event. A set of bits: returned several times per call, so
/// that it must not allocate.
struct ConnectionActions: OptionSet {
  let rawValue: UInt32

  /// Everything of the connection is released, its calls are cancelled; comes alone.
  static let close = ConnectionActions(rawValue: 1 << 0)
  /// Deliver the socket's bytes; at first, and after `pauseReading`.
  static let resumeReading = ConnectionActions(rawValue: 1 << 1)
  /// Leave the socket's bytes unread for now.
  static let pauseReading = ConnectionActions(rawValue: 1 << 2)
  /// Read never again.
  static let endReading = ConnectionActions(rawValue: 1 << 3)
  /// Send when the socket takes bytes again.
  static let watchWriting = ConnectionActions(rawValue: 1 << 4)
  static let ignoreWriting = ConnectionActions(rawValue: 1 << 5)
  /// Send at the end of the event.
  static let flush = ConnectionActions(rawValue: 1 << 6)
  /// Give back memory that a large answer has taken; all has been sent.
  static let shrink = ConnectionActions(rawValue: 1 << 7)
  /// Let the streams go on that wait until enough has been sent.
  static let wake = ConnectionActions(rawValue: 1 << 8)

  /// With `arm` of the same timer: restart it.
  static func cancel(_ timer: ConnectionTimer) -> ConnectionActions {
    ConnectionActions(rawValue: 1 << (16 + timer.rawValue))
  }

  static func arm(_ timer: ConnectionTimer) -> ConnectionActions {
    ConnectionActions(rawValue: 1 << (24 + timer.rawValue))
  }

  /// Whether some timer is to be armed or cancelled.
  var concernTimers: Bool { rawValue >> 16 != 0 }
}
