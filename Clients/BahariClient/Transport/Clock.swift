import Dispatch

/// Reads the monotonic clock of Dispatch: the uptime in nanoseconds.
enum Clock {
  static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

  /// Converts a duration to nanoseconds. The result is limited to the range from 0 to about three years, so that adding
  /// it to a time cannot overflow.
  static func nanoseconds(_ duration: Duration) -> UInt64 {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    return UInt64(min(seconds, 100_000_000)) * 1_000_000_000 + UInt64(attoseconds) / 1_000_000_000
  }
}
