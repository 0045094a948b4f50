import Histogram

/// The measurements of a load.
struct LoadReport: Sendable {
  /// The latencies in nanoseconds, to within 1 %; a longer one counts as a minute.
  private var latency = Histogram<UInt64>(
    highestTrackableValue: LoadReport.longest, numberOfSignificantValueDigits: .two)
  private(set) var failures: [String: Int] = [:]
  var nanoseconds: UInt64 = 0
  /// Calls that were due and were not sent before the end.
  var unsent = 0
  /// Connections that were lost.
  var losses = 0
  /// Calls that were sent again.
  var repeats = 0
  /// The code under which a reply with wrong content is counted.
  static let wrong = "WRONG_REPLY"
  private static let longest: UInt64 = 60_000_000_000

  /// Counts a call that has ended; `code` is nil for OK.
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

  /// Percentiles in microseconds, by name.
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

  /// The distribution of latencies, as one bar per doubling.
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
