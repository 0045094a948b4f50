import BahariFrame
import Histogram

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
