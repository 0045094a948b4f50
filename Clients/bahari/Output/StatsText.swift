import BahariClient

/// The daemon's counters as tables for people, printed by `bahari stats`.
struct StatsText {
  let stats: Bahari_V1_Stats
  let screen: Screen

  func write(to out: inout Output) {
    let memory = StatsText.ratio(stats.residentBytes, 1_048_576)
    out.line("baharid \(stats.version), up \(StatsText.duration(stats.uptimeSeconds)), \(memory) MiB in memory")
    out.line("shards \(stats.shards), clients \(stats.connections), calls in flight \(stats.callsInFlight)")
    methods(&out)
    lanes(&out)
    pools(&out)
    sockets(&out)
  }

  /// Writes up to three lines for each method: the calls as a whole, then their time waiting and in the database.
  private func methods(_ out: inout Output) {
    var rows: [[String]] = []
    for method in stats.methods {
      let errors = method.errors.map { "\($0.code) \($0.count)" }.joined(separator: ", ")
      rows.append([method.method, "calls"] + times(method.total) + [errors])
      for (stage, latency) in [("wait", method.wait), ("database", method.database)] where latency.count > 0 {
        rows.append(["", stage] + times(latency) + [""])
      }
    }
    table(
      ["method", "µs of"], ["count", "p50", "p90", "p99", "p99.9", "max"], ["errors"], rows, &out)
  }

  private func times(_ latency: Bahari_V1_Latency) -> [String] {
    [latency.count, latency.p50, latency.p90, latency.p99, latency.p999, latency.max].map { String($0) }
  }

  private func lanes(_ out: inout Output) {
    table(
      ["lane"],
      [
        "up", "syncs", "jobs", "statements", "keys", "keys/sync", "keys/statement", "repeats", "moves", "refusals",
        "losses", "waiting", "in flight",
      ], [],
      stats.lanes.map { lane in
        [lane.name] + [lane.connected, lane.syncs, lane.jobs, lane.statements, lane.keys].map { String($0) }
          + [StatsText.ratio(lane.keys, lane.syncs), StatsText.ratio(lane.keys, lane.statements)]
          + [lane.repeats, lane.moves, lane.refusals, lane.losses, lane.waiting, lane.inFlight].map { String($0) }
      }, &out)
  }

  private func pools(_ out: inout Output) {
    table(
      ["pool"], ["connecting", "idle", "leased", "waiting"], [],
      stats.pools.map { pool in
        [pool.name] + [pool.connecting, pool.idle, pool.leased, pool.waiting].map { String($0) }
      }, &out)
  }

  private func sockets(_ out: inout Output) {
    let sockets = stats.sockets
    table(
      [], ["reads", "writes", "frames", "frames/write", "polls", "events", "events/poll"], [],
      [
        [
          String(sockets.reads), String(sockets.writes), String(sockets.frames),
          StatsText.ratio(sockets.frames, sockets.writes), String(sockets.polls), String(sockets.events),
          StatsText.ratio(sockets.events, sockets.polls),
        ]
      ], &out)
  }

  /// Writes a blank line and a table with columns for `texts`, then `numbers`, then `more` texts.
  private func table(
    _ texts: [String], _ numbers: [String], _ more: [String], _ rows: [[String]], _ out: inout Output
  ) {
    let columns =
      texts.map { TableText.Column(title: $0, isNumber: false) }
      + numbers.map { TableText.Column(title: $0, isNumber: true) }
      + more.map { TableText.Column(title: $0, isNumber: false) }
    out.line("")
    TableText(columns: columns, rows: rows, screen: screen).write(to: &out.bytes)
  }

  /// Returns `value` divided by `whole` with one decimal; "-" if `whole` is 0.
  static func ratio(_ value: Int64, _ whole: Int64) -> String {
    guard whole > 0 else { return "-" }
    let tenths = (Double(value) * 10 / Double(whole)).rounded()
    return "\(Int64(tenths) / 10).\(Int64(tenths) % 10)"
  }

  /// Formats a duration in its two largest units, such as 3 h 12 min.
  static func duration(_ seconds: Int64) -> String {
    let parts = [("d", seconds / 86_400), ("h", seconds / 3_600 % 24), ("min", seconds / 60 % 60), ("s", seconds % 60)]
    guard let first = parts.firstIndex(where: { $0.1 > 0 }) else { return "0 s" }
    return parts[first...].prefix(2).map { "\($0.1) \($0.0)" }.joined(separator: " ")
  }
}
