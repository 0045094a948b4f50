import BahariFrame
import Histogram

/// What of a call's time is known; monotonic nanoseconds.
struct CallTimes {
  var start: UInt64 = 0
  private(set) var firstSent: UInt64?
  /// How long PostgreSQL had its statements, all of them together.
  private(set) var database: UInt64 = 0
  /// Since when PostgreSQL has statements of it, while it has some.
  private var sent: UInt64?

  mutating func noteSent(at time: UInt64) {
    if firstSent == nil { firstSent = time }
    sent = time
  }

  mutating func noteAnswer(at time: UInt64) {
    guard let since = sent else { return }
    database += time - since
    sent = nil
  }
}
