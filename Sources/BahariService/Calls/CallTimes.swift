import BahariFrame
import Histogram

/// When a call started and first sent statements, and how long PostgreSQL worked for it; in nanoseconds of the
/// monotonic clock.
struct CallTimes {
  var start: UInt64 = 0
  private(set) var firstSent: UInt64?
  /// The total time during which PostgreSQL worked on the call's statements.
  private(set) var database: UInt64 = 0
  /// When the statements that are in flight were sent; nil if there are none.
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
