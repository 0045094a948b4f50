import BahariClient

/// Measures the three lists for which the old HTTP service had time limits, with one call in flight at a time.
struct Baselines {
  private struct Read {
    let name: String
    /// The time limit that the old service had for this list, in milliseconds.
    let allowed: Int
    let report: LoadReport
  }

  private let reads: [Read]

  init(_ daemon: DescribedDaemon, path: String, seconds: Int) throws {
    let wanted: [(name: String, resource: String, page: Int32, limit: Int32, allowed: Int)] = [
      ("100 employees", "pegawai", 1, 100, 100), ("provinces", "provinsi", 1, 100, 50),
      ("groups with pages", "kelompok_nelayan", 2, 10, 150),
    ]
    reads = try wanted.map { name, resource, page, limit, allowed in
      let request = ListRequest.with { ($0.page, $0.limit) = (page, limit) }
      let workload = PreparedRequests(
        try daemon.method(daemon.target(resource), "List"), [try request.serializedBytes()])
      let report = try LoadDriver(path: path, workload: workload, LoadOptions(connections: 1, seconds: seconds)).run()
      guard report.failed == 0 else { throw Failure(.internal, "\(report.failed) lists of \(resource) failed") }
      return Read(name: name, allowed: allowed, report: report)
    }
  }

  var text: String {
    reads.map { "\($0.name), at most \($0.allowed) ms in the old service: \($0.report.text)" }.joined(separator: "\n")
  }

  var json: String {
    let all = reads.map { $0.report.json([("read", "\"\($0.name)\""), ("allowedMilliseconds", "\($0.allowed)")]) }
    return "[" + all.joined(separator: ",") + "]"
  }
}
