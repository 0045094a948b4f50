import ArgumentParser
import BahariClient
import SwiftProtobuf

struct ExportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes all selected rows as they arrive.",
    discussion: """
      Memory does not grow with the number of rows. Examples:
        bahari export desa -o csv >desa.csv
        bahari export desa --where district_id=110101 --columns id,name -o jsonl
        bahari export produksi --where 'tanggal_produksi between 2026-01-01 and 2026-12-31' >2026.csv
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case csv, jsonl, json }

  @Argument(help: "The resource.", completion: Completions.resources) var resource: String
  @OptionGroup var query: QueryOptions
  @Option(name: .shortAndLong, help: "csv, jsonl or json (one array).") var output = Format.csv
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let daemon = try await DescribedDaemon(connection, defaultTimeout: 600)
    let target = try daemon.target(resource)
    let request = try query.request(target)
    // Without --columns, write a file that can be imported again: all columns, but no version and no joined names.
    let selected = query.selected.isEmpty ? target.columnNames : query.selected
    var rows = RowOutput(target, daemon.schema, .csv, selected: selected)
    let method = try daemon.method(target, "Export")
    let decoder = RecordDecoder(schema: daemon.schema)
    if output == .csv { rows.csv([], withHeader: true, withJoined: false) }
    var pages = AllPages(RowOutput(target, daemon.schema, output == .json ? .json : .jsonl, selected: selected))
    var fast = output == .csv ? WireCSV(method.output, target, selected) : nil
    // If standard output is a terminal, the rows that are printed there show the progress.
    var progress = Progress(isShown: !Output.isTerminal)
    var count: Int64 = 0
    defer { progress.clear() }
    for try await message in daemon.stream(method, try request.serializedBytes()) {
      if let added = try fast?.add(message, to: &rows.output.bytes) {
        count += Int64(added)
      } else {
        let page = try decoder.decode(method.output, message).records("data")
        count += Int64(page.count)
        if output == .csv { rows.csv(page, withHeader: false, withJoined: false) } else { try pages.add(page) }
      }
      try rows.output.flushIfLarge()
      progress.show(rows: count, fraction: nil)
    }
    if output == .csv { try rows.output.flush() } else { try pages.end() }
  }
}
