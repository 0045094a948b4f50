import ArgumentParser
import BahariClient

struct CreateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Adds a row, or the rows of a file.",
    discussion: """
      Columns that are not set get their defaults. A file of at most 16 MiB has CSV with a header, a JSON object \
      or array, or JSON lines; --set applies to all of its rows. They are created one by one, in order, up to the \
      first that is refused. Use `bahari import` for many rows, and for rows that may exist. Examples:
        bahari create desa --set id=1101012099 --set district_id=110101 --set 'name=Desa Baru'
        bahari create kapal --file kapal.json --dry-run
        bahari create komoditas --file komoditas.csv -o name
        echo '{"nama_role": "Kasir"}' | bahari create role --file - --set level_role=3 --quiet
      """)

  @Argument(help: "The resource.", completion: Completions.resources) var resource: String
  @Option(help: "COLUMN=VALUE; repeatable.", completion: Completions.assignments) var set: [String] = []
  @Option(help: "A file with rows: CSV, JSON or JSON lines; - is standard input.", completion: .file()) var file:
    String?
  @OptionGroup var options: WriteOptions

  func run() async throws {
    let daemon = try await DescribedDaemon(options.connection)
    let target = try daemon.target(resource)
    let method = try daemon.method(target, "Create")
    let rows = try file.map { try RowFile($0, target, daemon.schema).rows.map(Optional.some) } ?? [nil]
    var writer = RowWriter(daemon, options, isSingle: rows.count == 1)
    for (index, row) in rows.enumerated() {
      let changes = try Changes(target, daemon.schema, set: set, unset: [], over: row)
      var request = Record(method.input)
      request["data"] = .record(changes.row)
      do {
        try await writer.call(target, method, request)
      } catch let error as BahariError {
        try writer.end()
        if index > 0 { StandardError.write("rows created before this one: \(index)\n") }
        throw changes.located(error)
      }
    }
    try writer.end()
  }
}
