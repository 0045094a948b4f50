import ArgumentParser
import BahariClient
import BahariFrame

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Shows counts and sums over the tables.",
    discussion: """
      Without a report, lists all reports with their values. A value is written --name VALUE. The name is a field \
      of the request, or a part of one that only one field begins or ends with: --from for date_from. Lists take \
      commas. A report has at most \(CallLimits.reportRows) rows, and a warning if there are more. Examples:
        bahari report
        bahari report produksi --from 2026-01-01 --to 2026-12-31 --by komoditas,bulan
        bahari report produksi --from 2026-01-01 --to 2026-03-31 --by kelompok --province 11 -o csv
        bahari report bantuan --by tahun,jenis -o json
        bahari report cakupan-bantuan --tahun 2026 --served never
        bahari report sertifikasi --date 2026-03-01 --days 30
        bahari report pelatihan --from 2026-03-01 --to 2026-03-31
        bahari report absensi --set month=2026-02 --organisasi 3
      """)

  @Argument(
    parsing: .allUnrecognized,
    help: ArgumentHelp("A report, then its values as --name VALUE.", valueName: "report"))
  var words: [String] = []
  @Option(name: .customLong("set"), help: "NAME=VALUE, the same as --NAME VALUE.") var assignments: [String] = []
  @Option(name: .shortAndLong, help: RowFormat.help) var output = RowFormat.table
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    if output == .name {
      throw ValidationError("rows of a report have no ids: -o takes table, wide, json, jsonl or csv")
    }
  }

  func run() async throws {
    var values = try ReportValues(words)
    for text in assignments {
      let assignment = try Assignment(text, option: "--set")
      values.add(assignment.column, assignment.value)
    }
    let daemon = try await DescribedDaemon(connection)
    guard let name = values.name else { return try overview(daemon) }
    let report = try Self.find(name, daemon)
    guard let method = daemon.schema.method(report.service, report.method),
      let data = method.output.field("data")
    else { throw Failure(.internal, "the daemon's descriptors have no \(report.service)/\(report.method)") }
    let request = try values.request(method.input, daemon.schema)
    let reply = try await daemon.call(method, try request.encoded())
    let info = Bahari_V1_Resource.with { ($0.name, $0.columns) = (report.name, report.columns) }
    let target = DescribedResource(info: info, row: try daemon.schema.message(data.typeName))
    // -o table leaves out columns that are empty in all rows; the other formats have all columns.
    let rows = reply.records("data")
    let shown = output == .table && !rows.isEmpty ? RowOutput.filled(target.row, rows) : []
    var out = RowOutput(target, daemon.schema, output, selected: shown)
    if data.isRepeated { try out.page(reply) } else { try out.reply(reply) }
  }

  static func find(_ name: String, _ daemon: DescribedDaemon) throws -> Bahari_V1_Report {
    let wanted = String(name.map { $0 == "_" ? "-" : $0 })
    guard let report = daemon.description.reports.first(where: { $0.name == wanted }) else {
      let known = daemon.description.reports.map(\.name).joined(separator: ", ")
      throw Failure(.invalidArgument, "there is no report \(name); there are: \(known)")
    }
    return report
  }

  private func overview(_ daemon: DescribedDaemon) throws {
    var out = Output()
    let rows = daemon.description.reports.flatMap { report in
      [[report.name, "", report.summary]]
        + report.parameters.map { parameter in
          var notes = parameter.mandatory ? ["mandatory"] : []
          if !parameter.choices.isEmpty { notes.append("any of \(parameter.choices.joined(separator: ","))") }
          if parameter.hasDefaultValue { notes.append("default \(parameter.defaultValue)") }
          return ["", parameter.field, notes.joined(separator: "; ")]
        }
    }
    let columns = ["report", "value", ""].map { TableText.Column(title: $0, isNumber: false) }
    TableText(columns: columns, rows: rows, screen: .output.uncut).write(to: &out.bytes)
    try out.flush()
  }
}
