/// What a load run measured.
struct LoadResult {
  /// Nanoseconds per call, sorted.
  private let latencies: [UInt64]
  private let seconds: Double
  private let failuresByCode: [String: Int]

  init(latencies: [UInt64], nanoseconds: UInt64, failuresByCode: [String: Int]) {
    self.latencies = latencies.sorted()
    seconds = Double(nanoseconds) / 1e9
    self.failuresByCode = failuresByCode
  }

  var failures: Int { failuresByCode.values.reduce(0, +) }

  private var rate: Int { Int(Double(latencies.count) / seconds) }

  /// Microseconds below which `share` of the calls stay.
  private func percentile(_ share: Double) -> UInt64 {
    guard let last = latencies.last else { return 0 }
    let index = Int(Double(latencies.count) * share)
    return (index < latencies.count ? latencies[index] : last) / 1_000
  }

  private static let shares = [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("p99.9", 0.999), ("max", 1)]

  var text: String {
    let times = LoadResult.shares.map { "\($0.0) \(percentile($0.1))" }.joined(separator: "  ")
    let errors = failuresByCode.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)\n" }.joined()
    return "\(rate) calls/s, \(latencies.count) calls, \(failures) failed\n\(errors)latency in µs: \(times)"
  }

  var json: String {
    let times = LoadResult.shares.map { "\"\($0.0)\":\(percentile($0.1))" }.joined(separator: ",")
    let errors = failuresByCode.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",")
    return "{\"callsPerSecond\":\(rate),\"calls\":\(latencies.count),\"failed\":\(failures),"
      + "\"errors\":{\(errors)},\"latencyMicroseconds\":{\(times)}}"
  }
}
