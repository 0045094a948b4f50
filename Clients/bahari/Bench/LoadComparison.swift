import BahariClient

/// Compares two reports of `bahari bench … -o json`.
struct LoadComparison {
  private let before: [String: JSON]
  private let after: [String: JSON]

  /// - Parameters:
  ///   - before: the path of the first report.
  ///   - after: the path of the second report.
  init(before: String, after: String) throws {
    self.before = try LoadComparison.read(before)
    self.after = try LoadComparison.read(after)
  }

  private static func read(_ path: String) throws -> [String: JSON] {
    let text = String(decoding: try InputFile(path).all(atMost: 1_048_576), as: UTF8.self)
    guard case .object(let members) = try JSONParser.parse(text),
      members.contains(where: { $0.name == "latencyMicroseconds" })
    else { throw Failure(.invalidArgument, "\(path) is not a report of bahari bench -o json") }
    var report: [String: JSON] = [:]
    for member in members { report[member.name] = member.value }
    return report
  }

  private static func number(_ report: [String: JSON], _ name: String) -> Double? {
    var value = report[name]
    if value == nil, case .object(let times) = report["latencyMicroseconds"] {
      value = times.first { $0.name == name }?.value
    }
    guard case .number(let text) = value else { return nil }
    return Double(text)
  }

  /// A warning if the reports have different options, then a table of the figures of both reports and their ratios.
  var text: String {
    let asked = ["scenario", "connections", "depth", "client", "rate", "batch"].filter { before[$0] != after[$0] }
    let warning = asked.isEmpty ? "" : "the reports differ in \(asked.joined(separator: ", "))\n"
    let names = ["callsPerSecond", "calls", "failed", "p50", "p90", "p99", "p99.9", "max"]
    let rows: [[String?]] = names.map { name in
      let (old, new) = (LoadComparison.number(before, name), LoadComparison.number(after, name))
      let ratio = old.flatMap { old in old > 0 ? new.map { (($0 / old) * 100).rounded() / 100 } : nil }
      return [name, old.map { DoubleText.format($0) }, new.map { DoubleText.format($0) }, ratio.map(DoubleText.format)]
    }
    let columns = ["", "before", "after", "ratio"].enumerated().map {
      TableText.Column(title: $1, isNumber: $0 > 0)
    }
    var bytes: [UInt8] = []
    TableText(columns: columns, rows: rows).write(to: &bytes)
    return warning + String(decoding: bytes.dropLast(), as: UTF8.self)
  }
}
