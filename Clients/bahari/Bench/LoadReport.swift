import Histogram

/// What a load run measured.
struct LoadReport: Sendable {
  /// Nanoseconds per call, to within 1 %; a minute at most.
  private var latency = Histogram<UInt64>(
    highestTrackableValue: LoadReport.longest, numberOfSignificantValueDigits: .two)
  private(set) var failures: [String: Int] = [:]
  var nanoseconds: UInt64 = 0
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
    return "\(callsPerSecond) calls/s, \(calls) calls, \(failed) failed\n\(errors)latency in µs: \(times)"
  }

  /// `head` is put in front: what was measured.
  func json(_ head: [(String, String)]) -> String {
    let named = head.map { "\"\($0.0)\":\($0.1)," }.joined()
    let times = microseconds.map { "\"\($0.name)\":\($0.value)" }.joined(separator: ",")
    let errors = failures.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
    return "{\(named)\"callsPerSecond\":\(callsPerSecond),\"calls\":\(calls),\"failed\":\(failed),"
      + "\"errors\":{\(errors)},\"latencyMicroseconds\":{\(times)}}"
  }
}
