/// The time limits of a connection. Each has one timer, which is armed at most once at a time.
enum ConnectionTimer: UInt32, CaseIterable {
  /// Limits the time in which the client sends nothing and has no call in flight.
  case idle
  /// Limits the time in which the client completes a frame that it has begun.
  case frame
  /// Limits the time in which the client reads none of the answers that wait to be sent.
  case stall
  /// Fires when a client that sends no more must be checked for whether it still reads.
  case hangup
}

/// The actions that a `ClientConnection` performs after an event. They are a set of bits, because several sets are
/// returned for each call and must not allocate.
struct ConnectionActions: OptionSet {
  let rawValue: UInt32

  /// Release everything that the connection holds and cancel its calls. No other action is in the same set.
  static let close = ConnectionActions(rawValue: 1 << 0)
  /// Read from the socket: when the connection is opened, and again after `pauseReading`.
  static let resumeReading = ConnectionActions(rawValue: 1 << 1)
  /// Stop reading from the socket until `resumeReading`.
  static let pauseReading = ConnectionActions(rawValue: 1 << 2)
  /// Stop reading from the socket for the rest of the connection.
  static let endReading = ConnectionActions(rawValue: 1 << 3)
  /// Send the remaining bytes when the socket accepts bytes again.
  static let watchWriting = ConnectionActions(rawValue: 1 << 4)
  static let ignoreWriting = ConnectionActions(rawValue: 1 << 5)
  /// Send the unsent bytes at the end of the event.
  static let flush = ConnectionActions(rawValue: 1 << 6)
  /// Free the memory that a large answer needed in the send buffer, which is empty now.
  static let shrink = ConnectionActions(rawValue: 1 << 7)
  /// Resume the streaming calls that wait because too many bytes were unsent.
  static let wake = ConnectionActions(rawValue: 1 << 8)

  /// Cancels a timer. A set that also has `arm` of the same timer restarts it.
  static func cancel(_ timer: ConnectionTimer) -> ConnectionActions {
    ConnectionActions(rawValue: 1 << (16 + timer.rawValue))
  }

  static func arm(_ timer: ConnectionTimer) -> ConnectionActions {
    ConnectionActions(rawValue: 1 << (24 + timer.rawValue))
  }

  /// Whether the set arms or cancels at least one timer.
  var concernTimers: Bool { rawValue >> 16 != 0 }
}
