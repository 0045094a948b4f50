import BahariFrame
import Histogram

/// A latency histogram. Its 25 KB of memory are allocated when the first latency is recorded.
package struct Latency: Sendable {
  private var histogram: Histogram<UInt64>?
  /// The largest latency that can be recorded; a longer one is recorded as this value.
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
