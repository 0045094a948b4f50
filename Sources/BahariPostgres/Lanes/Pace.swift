/// How long a statement took lately.
final class Pace {
  /// A statement that takes no longer may run where others wait behind it.
  static let quickNanoseconds: UInt64 = 2_000_000
  /// A statement is quick after so many quick runs in a row.
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
