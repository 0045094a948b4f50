import Histogram

/// What a load run measured.
struct LoadReport: Sendable {
  /// Nanoseconds per call, to within 1 %; a minute at most.
  private var latency = Histogram<UInt64>(
    highestTrackableValue: LoadReport.longest, numberOfSignificantValueDigits: .two)
  private(set) var failures: [String: Int] = [:]
  var nanoseconds: UInt64 = 0
  /// Calls that were due and found no place before the end.
  var unsent = 0
  /// Connections that went away, and calls that were sent once more.
  var losses = 0
  var repeats = 0
  /// What an answer counts as that is not the one it should be.
  static let wrong = "WRONG_REPLY"
  private static let longest: UInt64 = 60_000_000_000

  /// Notes a call that has ended, with its code where it is not OK.
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

  /// Names of percentiles and their values in microseconds.
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

  /// What is not always there to be told.
  private var extras: [(text: String, name: String, value: Int)] {
    [
      ("due and not sent", "unsent", unsent), ("connections lost", "lost", losses),
      ("calls sent again", "repeated", repeats),
    ].filter { $0.2 > 0 }
  }

  /// `head` is put in front: what was measured.
  func json(_ head: [(String, String)]) -> String {
    let named = head.map { "\"\($0.0)\":\($0.1)," }.joined()
    let times = microseconds.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",")
    let errors = failures.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
    let rest = extras.map { "\"\($0.name)\":\($0.value)," }.joined()
    return "{\(named)\"callsPerSecond\":\(callsPerSecond),\"calls\":\(calls),\"failed\":\(failed),"
      + "\(rest)\"errors\":{\(errors)},\"latencyMicroseconds\":{\(times)}}"
  }

  /// A bar for each doubling of the latency.
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
