import ArgumentParser
import BahariClient

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Shows what is counted and summed.",
    discussion: """
      Without a report, lists them with what each takes. A value is written --name VALUE, where the name is the \
      field's, or a part of it that only one field begins or ends with: --from for date_from. Lists take commas. \
      Examples:
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
    help: ArgumentHelp("The report, then its values as --name VALUE.", valueName: "report"))
  var words: [String] = []
  @Option(name: .customLong("set"), help: "NAME=VALUE, the same as --NAME VALUE.") var assignments: [String] = []
  @Option(name: .shortAndLong, help: RowFormat.help) var output = RowFormat.table
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    if output == .name { throw ValidationError("rows of a report have no names: -o takes table, json, jsonl or csv") }
  }

  func run() async throws {
    var values = try ReportValues(words)
    for text in assignments {
      let assignment = try Assignment(text, option: "--set")
      values.add(assignment.column, assignment.value)
    }
    let session = try await Session(connection)
    guard let name = values.name else { return try overview(session) }
    let report = try Self.find(name, session)
    guard let method = session.schema.method(report.service, report.method),
      let data = method.output.field("data")
    else { throw Failure(.internal, "the daemon's descriptors have no \(report.service)/\(report.method)") }
    let request = try values.request(method.input, session.schema)
    let reply = try await session.call(method, try request.encoded())
    let info = Bahari_V1_Resource.with { ($0.name, $0.columns) = (report.name, report.columns) }
    let target = Target(info: info, row: try session.schema.message(data.typeName))
    // For people, what was not asked for is not there; programs get every column.
    let rows = reply.records("data")
    let shown = output == .table && !rows.isEmpty ? RowOutput.filled(target.row, rows) : []
    var out = RowOutput(target, session.schema, output, selected: shown)
    if data.isRepeated { try out.page(reply) } else { try out.reply(reply) }
  }

  static func find(_ name: String, _ session: Session) throws -> Bahari_V1_Report {
    let wanted = String(name.map { $0 == "_" ? "-" : $0 })
    guard let report = session.description.reports.first(where: { $0.name == wanted }) else {
      let known = session.description.reports.map(\.name).joined(separator: ", ")
      throw Failure(.invalidArgument, "there is no report \(name); there are: \(known)")
    }
    return report
  }

  private func overview(_ session: Session) throws {
    var out = Output()
    let rows = session.description.reports.flatMap { report in
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

/// A report's name and the values it is given, before it is known which fields they are.
struct ReportValues: Equatable {
  struct Given: Equatable {
    var name: String
    var value: String
  }

  private(set) var name: String?
  private(set) var given: [Given] = []

  /// - Parameter words: `produksi --from 2026-01-01 --by=bulan`
  init(_ words: [String]) throws {
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        guard name == nil else { throw ValidationError("\"\(word)\" belongs to no option") }
        name = word
        continue
      }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
        throw ValidationError("\(word) has no value")
      }
      add(String(parts[0]), value)
    }
  }

  mutating func add(_ name: String, _ value: String) {
    given.append(Given(name: String(name.map { $0 == "-" ? "_" : $0 }), value: value))
  }

  /// The request with every value in its field.
  func request(_ type: MessageType, _ schema: Schema) throws -> Record {
    var request = Record(type)
    for given in given {
      let field = try Self.field(given.name, type)
      let text = field.kind == .enum ? given.value.uppercased() : given.value
      do throws(BadValue) {
        let value = try Value(text: text, for: field, schema: schema)
        if case .list(let more) = value, case .list(let before) = request[field.name] {
          request[field.name] = .list(before + more)
        } else {
          request[field.name] = value
        }
      } catch {
        throw Failure(.invalidArgument, "--\(given.name): \(error.description)")
      }
    }
    return request
  }

  /// The field of this name, or the only one that begins or ends with it.
  private static func field(_ name: String, _ type: MessageType) throws -> Field {
    if let field = type.field(name) { return field }
    let matches = type.fields.filter { $0.name.hasPrefix(name + "_") || $0.name.hasSuffix("_" + name) }
    if matches.count == 1 { return matches[0] }
    let names = (matches.isEmpty ? type.fields : matches).map(\.name).joined(separator: ", ")
    throw Failure(
      .invalidArgument,
      matches.isEmpty ? "the report takes no \(name); it takes: \(names)" : "--\(name) may be any of \(names)")
  }
}
