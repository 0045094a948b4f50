import Histogram

/// The results of a load: latencies, failures and counts.
struct LoadReport: Sendable {
  /// The latencies in nanoseconds, to within 1 %; a latency above one minute is recorded as one minute.
  private var latency = Histogram<UInt64>(
    highestTrackableValue: LoadReport.longest, numberOfSignificantValueDigits: .two)
  private(set) var failures: [String: Int] = [:]
  var nanoseconds: UInt64 = 0
  /// The number of calls that were due and were not sent before the end.
  var unsent = 0
  /// How often a connection was lost.
  var losses = 0
  /// How often a call was sent again, after a lost connection or the error UNAVAILABLE.
  var repeats = 0
  /// The code under which a reply with wrong content is counted.
  static let wrong = "WRONG_REPLY"
  private static let longest: UInt64 = 60_000_000_000

  /// Counts a call that has ended, with its latency; `code` is nil if the call succeeded.
  mutating func record(_ nanoseconds: UInt64, _ code: String?) {
    latency.record(min(nanoseconds, LoadReport.longest))
    if let code { failures[code, default: 0] += 1 }
  }

  mutating func add(_ other: LoadReport) {
    latency.add(other.latency)
    failures.merge(other.failures, uniquingKeysWith: +)
  }

  var calls: Int { Int(latency.totalCount) }
  var failed: Int { failures.values.reduce(0, +) }
  var callsPerSecond: Int { nanoseconds == 0 ? 0 : Int(Double(calls) * 1e9 / Double(nanoseconds)) }

  /// Percentiles of the latencies in microseconds, each with its name.
  private var microseconds: [(name: String, value: UInt64)] {
    let percentiles = [("p50", 50), ("p90", 90), ("p99", 99), ("p99.9", 99.9), ("max", 100)]
    return percentiles.map { ($0.0, calls == 0 ? 0 : latency.valueAtPercentile($0.1) / 1_000) }
  }

  var text: String {
    let times = microseconds.map { "\($0.name) \($0.value)" }.joined(separator: "  ")
    let errors = failures.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)\n" }.joined()
    let rest = extras.map { "\($0.text): \($0.value)\n" }.joined()
    return "\(callsPerSecond) calls/s, \(calls) calls, \(failed) failed\n\(errors)\(rest)latency in µs: \(times)"
  }

  /// Counts that are printed only if they are not 0.
  private var extras: [(text: String, name: String, value: Int)] {
    [
      ("due and not sent", "unsent", unsent), ("connections lost", "lost", losses),
      ("calls sent again", "repeated", repeats),
    ].filter { $0.2 > 0 }
  }

  /// The report as a JSON object that begins with the members of `head`.
  func json(_ head: [(String, String)]) -> String {
    let named = head.map { "\"\($0.0)\":\($0.1)," }.joined()
    let times = microseconds.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",")
    let errors = failures.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
    let rest = extras.map { "\"\($0.name)\":\($0.value)," }.joined()
    return "{\(named)\"callsPerSecond\":\(callsPerSecond),\"calls\":\(calls),\"failed\":\(failed),"
      + "\(rest)\"errors\":{\(errors)},\"latencyMicroseconds\":{\(times)}}"
  }

  /// A histogram of the latencies as text: a bar for each range, and each range's upper limit is twice the previous
  /// one.
  var bars: String {
    var bars: [(label: String, count: UInt64)] = []
    var (low, high): (UInt64, UInt64) = (0, 8_000)
    while low < LoadReport.longest {
      bars.append(("\(high / 1_000)", latency.count(within: low...min(high - 1, LoadReport.longest))))
      (low, high) = (high, high * 2)
    }
    let filled = bars.drop { $0.count == 0 }.reversed().drop { $0.count == 0 }.reversed()
    let most = filled.map(\.count).max() ?? 1
    return filled.map { label, count in
      let bar = String(repeating: "#", count: Int((Double(count) / Double(most) * 40).rounded(.up)))
      let place = String(repeating: " ", count: max(0, 9 - label.count)) + label
      return "< \(place) µs  \(bar) \(count)\n"
    }.joined()
  }
}
