import BahariFrame
import Histogram

/// Counts what becomes of one method's calls on one shard.
final class MethodMeter {
  private(set) var stats: MethodStats

  init(_ method: String) { stats = MethodStats(method) }

  func began() { stats.inFlight += 1 }

  /// Notes a call that has ended, and how.
  func ended(_ code: StatusCode, _ times: CallTimes, at now: UInt64) {
    var times = times
    times.noteAnswer(at: now)
    stats.inFlight -= 1
    stats.codes[Int(code.rawValue)] += 1
    stats.total.record(now - times.start)
    guard let sent = times.firstSent else { return }
    stats.wait.record(sent - times.start)
    stats.database.record(times.database)
  }
}

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

/// What became of a method's calls so far.
package struct MethodStats: Sendable {
  /// service/method
  package let method: String
  package fileprivate(set) var inFlight = 0
  /// Calls that have ended, by gRPC's code.
  fileprivate(set) var codes = [Int](repeating: 0, count: StatusCode.allCases.count)
  fileprivate(set) var total = Latency()
  fileprivate(set) var wait = Latency()
  fileprivate(set) var database = Latency()

  init(_ method: String) { self.method = method }

  package var calls: Int { codes.reduce(0, +) }

  /// How many calls ended with each error, where there were any.
  package var errors: [(code: StatusCode, count: Int)] {
    StatusCode.allCases.compactMap { code in
      let count = codes[Int(code.rawValue)]
      return code == .ok || count == 0 ? nil : (code, count)
    }
  }

  mutating func add(_ other: MethodStats) {
    inFlight += other.inFlight
    for (index, count) in other.codes.enumerated() { codes[index] += count }
    total.add(other.total)
    wait.add(other.wait)
    database.add(other.database)
  }
}

/// How often something took how long. Takes 25 KB from the first record on, and next to nothing before.
package struct Latency: Sendable {
  private var histogram: Histogram<UInt64>?
  /// What took longer is taken for a minute.
  static let longestNanoseconds: UInt64 = 60_000_000_000
  /// Finer differences are of no interest, and would take more memory.
  private static let finestNanoseconds: UInt64 = 64

  package init() {}

  mutating func record(_ nanoseconds: UInt64) {
    if histogram == nil {
      histogram = Histogram(
        lowestDiscernibleValue: Latency.finestNanoseconds, highestTrackableValue: Latency.longestNanoseconds,
        numberOfSignificantValueDigits: .two)
    }
    histogram?.record(min(nanoseconds, Latency.longestNanoseconds))
  }

  mutating func add(_ other: Latency) {
    guard let more = other.histogram else { return }
    if histogram == nil { histogram = more } else { histogram?.add(more) }
  }

  var count: Int { Int(histogram?.totalCount ?? 0) }

  /// The value that so many percent do not exceed, rounded to microseconds; 0 where nothing was recorded.
  func microseconds(_ percentile: Double) -> Int {
    Int(((histogram?.valueAtPercentile(percentile) ?? 0) + 500) / 1_000)
  }
}
