import BahariClient
import Synchronization

/// The same closed loop through BahariClient: what a program that uses the library gets.
struct ClientLoad {
  let path: String?
  let workload: any Workload
  let connections: Int
  let depth: Int

  /// Hands out requests and takes answers, for many tasks.
  ///
  /// `@unchecked Sendable`: the workload is touched under the lock alone.
  private final class Desk: @unchecked Sendable {
    private let workload: any Workload
    private let lock = Mutex(())

    init(_ workload: any Workload) { self.workload = workload }

    func next() -> [UInt8]? { lock.withLock { _ in workload.next().map(Array.init) } }

    func answered(_ payload: [UInt8]) throws {
      try lock.withLock { _ in try payload.withUnsafeBytes { try workload.answered($0) } }
    }
  }

  func run(seconds: Int) async throws -> LoadReport {
    let desk = Desk(workload)
    let (service, method) = (workload.service, workload.method)
    let start = Clock.now
    let end = start + UInt64(seconds) * 1_000_000_000
    return try await withThrowingTaskGroup(of: LoadReport.self) { group in
      for _ in 0..<connections {
        let client = BahariClient(socketPath: path)
        for _ in 0..<depth {
          group.addTask { try await Self.loop(client, service, method, desk, until: end) }
        }
      }
      var total = LoadReport()
      for try await report in group { total.add(report) }
      total.nanoseconds = Clock.now - start
      return total
    }
  }

  private static func loop(
    _ client: BahariClient, _ service: String, _ method: String, _ desk: Desk, until end: UInt64
  ) async throws -> LoadReport {
    var report = LoadReport()
    while Clock.now < end, let payload = desk.next() {
      let started = Clock.now
      do {
        let reply = try await client.unary(service: service, method: method, payload: payload)
        report.record(Clock.now - started, nil)
        try desk.answered(reply)
      } catch let error as BahariError {
        report.record(Clock.now - started, error.code.name)
      }
    }
    return report
  }
}
