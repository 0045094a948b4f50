/// How long one statement took in its recent runs.
final class Pace {
  /// A run that takes no longer than this is quick. Quick statements may run on a lane, where others wait behind them.
  static let quickNanoseconds: UInt64 = 2_000_000
  /// A statement counts as quick after this many quick runs in a row.
  static let quickRuns = 4
  static let banNanoseconds: UInt64 = 10_000_000_000

  private var runs = 0
  private var bannedUntil: UInt64 = 0

  func isQuick(now: UInt64) -> Bool { runs >= Pace.quickRuns && now >= bannedUntil }

  func ran(for nanoseconds: UInt64) { runs = nanoseconds <= Pace.quickNanoseconds ? min(runs + 1, Pace.quickRuns) : 0 }

  func heldUpOthers(now: UInt64) {
    runs = 0
    bannedUntil = now + Pace.banNanoseconds
  }
}
