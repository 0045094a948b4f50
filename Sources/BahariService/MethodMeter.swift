import BahariFrame
import Histogram

/// Counts one method's calls on one shard.
final class MethodMeter {
  private(set) var stats: MethodStats

  init(_ method: String) { stats = MethodStats(method) }

  func began() { stats.inFlight += 1 }

  /// Counts a call that has ended: its status code and its times.
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

/// The times of one call, in nanoseconds of the monotonic clock.
struct CallTimes {
  var start: UInt64 = 0
  private(set) var firstSent: UInt64?
  /// The time during which PostgreSQL was working on the call's statements, added up.
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

/// The counters of one method's calls since the daemon started.
package struct MethodStats: Sendable {
  /// The service's and the method's name, joined by a slash.
  package let method: String
  package fileprivate(set) var inFlight = 0
  /// Number of ended calls for each gRPC status code, indexed by its raw value.
  fileprivate(set) var codes = [Int](repeating: 0, count: StatusCode.allCases.count)
  fileprivate(set) var total = Latency()
  fileprivate(set) var wait = Latency()
  fileprivate(set) var database = Latency()

  init(_ method: String) { self.method = method }

  package var calls: Int { codes.reduce(0, +) }

  /// The error codes that occurred, each with its number of calls.
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

/// A latency histogram. It takes 25 KB from the first record on, and next to nothing before.
package struct Latency: Sendable {
  private var histogram: Histogram<UInt64>?
  /// The largest latency recorded; a longer one is recorded as this.
  static let longestNanoseconds: UInt64 = 60_000_000_000
  /// The histogram's resolution; a finer one would take more memory.
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

  /// The percentile (0 to 100) in microseconds, rounded; 0 if nothing was recorded.
  func microseconds(_ percentile: Double) -> Int {
    Int(((histogram?.valueAtPercentile(percentile) ?? 0) + 500) / 1_000)
  }
}
