import BahariFrame
import Histogram

/// The counters of one method's calls since the daemon started.
package struct MethodStats: Sendable {
  /// The full name of the service and the name of the method, joined by a slash.
  package let method: String
  package private(set) var inFlight = 0
  /// Number of ended calls for each gRPC status code, indexed by its raw value.
  private(set) var codes = [Int](repeating: 0, count: StatusCode.allCases.count)
  private(set) var total = Latency()
  private(set) var wait = Latency()
  private(set) var database = Latency()

  init(_ method: String) { self.method = method }

  package var calls: Int { codes.reduce(0, +) }

  /// The gRPC status codes of calls that failed, each with its number of calls.
  package var errors: [(code: StatusCode, count: Int)] {
    StatusCode.allCases.compactMap { code in
      let count = codes[Int(code.rawValue)]
      return code == .ok || count == 0 ? nil : (code, count)
    }
  }

  mutating func began() { inFlight += 1 }

  mutating func ended(_ code: StatusCode, _ times: CallTimes, at now: UInt64) {
    inFlight -= 1
    codes[Int(code.rawValue)] += 1
    total.record(now - times.start)
    guard let sent = times.firstSent else { return }
    wait.record(sent - times.start)
    database.record(times.database)
  }

  mutating func add(_ other: MethodStats) {
    inFlight += other.inFlight
    for (index, count) in other.codes.enumerated() { codes[index] += count }
    total.add(other.total)
    wait.add(other.wait)
    database.add(other.database)
  }
}
