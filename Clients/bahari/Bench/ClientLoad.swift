import BahariClient
import Synchronization

/// Measures calls through the BahariClient library. Each of many tasks makes its next call when the previous one has
/// ended.
struct ClientLoad {
  let path: String?
  let workload: any Workload
  let connections: Int
  let depth: Int

  /// A workload that many tasks share.
  ///
  /// `@unchecked Sendable`: the workload is used only under the lock.
  private final class SharedWorkload: @unchecked Sendable {
    private let workload: any Workload
    private let lock = Mutex(())

    init(_ workload: any Workload) { self.workload = workload }

    func next() -> (method: Int, tag: Int, payload: [UInt8])? {
      lock.withLock { _ in workload.next().map { ($0.method, $0.tag, Array($0.payload)) } }
    }

    func answered(_ tag: Int, _ payload: [UInt8]) throws -> Bool {
      try lock.withLock { _ in try payload.withUnsafeBytes { try workload.answered(tag, $0) } }
    }
  }

  func run(seconds: Int) async throws -> LoadReport {
    let shared = SharedWorkload(workload)
    let methods = workload.methods
    let start = Clock.now
    let end = start + UInt64(seconds) * 1_000_000_000
    return try await withThrowingTaskGroup(of: LoadReport.self) { group in
      for _ in 0..<connections {
        let client = BahariClient(socketPath: path)
        for _ in 0..<depth {
          group.addTask { try await Self.loop(client, methods, shared, until: end) }
        }
      }
      var total = LoadReport()
      for try await report in group { total.add(report) }
      total.nanoseconds = Clock.now - start
      return total
    }
  }

  private static func loop(
    _ client: BahariClient, _ methods: [Method], _ shared: SharedWorkload, until end: UInt64
  ) async throws -> LoadReport {
    var report = LoadReport()
    while Clock.now < end, let request = shared.next() {
      let started = Clock.now
      let method = methods[request.method]
      do {
        let reply = try await client.unary(service: method.service, method: method.name, payload: request.payload)
        let taken = Clock.now - started
        report.record(taken, try shared.answered(request.tag, reply) ? nil : LoadReport.wrong)
      } catch let error as BahariError {
        report.record(Clock.now - started, error.code.name)
      }
    }
    return report
  }
}
