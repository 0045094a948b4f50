import BahariFrame

/// Counts one method's calls on one shard and records how long they take.
final class MethodMeter {
  private(set) var stats: MethodStats

  init(_ method: String) { stats = MethodStats(method) }

  func began() { stats.began() }

  /// Counts a call that has ended, and records its times.
  func ended(_ code: StatusCode, _ times: CallTimes, at now: UInt64) {
    var times = times
    times.noteAnswer(at: now)
    stats.ended(code, times, at: now)
  }
}
