import ArgumentParser
import BahariClient

struct UpdateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes columns of one row or of several.",
    discussion: """
      Only the named columns change. A file of at most 16 MiB has rows with their ids and the columns to change, as \
      CSV with a header, JSON or JSON lines; the output of `get -o json` is accepted, and its version checked. Rows \
      are changed one by one; those that are refused are reported, and the others changed. Examples:
        bahari update desa 1101012001 --set 'name=Keude Bakongan' --set latitude=2.93
        bahari update provinsi 11 --unset alt_name --dry-run
        bahari update bantuan 7 --set status_penyaluran=Direncanakan --force-state
        bahari list kapal --where 'ukuran_gt<5' -o name | bahari update - --set jenis_kapal=Perahu
        bahari get kapal 12 -o json | sed 's/Angsa/Camar/' | bahari update kapal --file -
        bahari update pegawai --file pegawai.csv --quiet
      """)

  @OptionGroup var named: RowArguments
  @Option(help: "COLUMN=VALUE; repeatable.", completion: Completions.assignments) var set: [String] = []
  @Option(help: "A column to set to NULL; repeatable.", completion: Completions.columns) var unset: [String] = []
  @Option(help: "A file with rows: CSV, JSON or JSON lines; - is standard input.", completion: .file()) var file:
    String?
  @Option(help: "Refuse unless the row has this version.") var version: String?
  @Flag(help: "Allow a state that the flow forbids, to correct a mistake; the reply has a warning.") var forceState =
    false
  @OptionGroup var options: WriteOptions

  func validate() throws {
    if set.isEmpty, unset.isEmpty, file == nil {
      throw ValidationError("a change is missing: use --set, --unset or --file")
    }
    guard named.namesRows || file != nil else { throw ValidationError("an id is missing") }
    if file != nil, named.isFromInput || named.ids.count > 1 {
      throw ValidationError("--file has the ids of its rows; name at most one row beside it")
    }
  }

  func run() async throws {
    let daemon = try await DescribedDaemon(options.connection)
    if let file { return try await update(fileOf: file, daemon) }
    let one = try named.single(daemon)
    var writer = RowWriter(daemon, options, isSingle: one != nil)
    if let one {
      try await update(one.target, one.id, over: nil, daemon, &writer)
    } else {
      guard version == nil else { throw Failure(.invalidArgument, "--version requires exactly one row") }
      try await several(daemon, &writer)
    }
  }

  private func several(_ daemon: DescribedDaemon, _ writer: inout RowWriter) async throws {
    var portions = named.portions(daemon, of: 1)
    var failures = RowFailures()
    while let portion = try portions.next() {
      do {
        try await update(portion.target, portion.ids[0], over: nil, daemon, &writer)
      } catch let error as BahariError {
        try failures.add(error)
      }
    }
    try writer.end()
    try failures.end()
  }

  private func update(fileOf path: String, _ daemon: DescribedDaemon) async throws {
    let one = try named.namesRows ? named.single(daemon) : nil
    let target = try one?.target ?? daemon.target(named.resource)
    let rows = try RowFile(path, target, daemon.schema).rows
    guard rows.count == 1 || (one == nil && version == nil) else {
      throw Failure(.invalidArgument, "\(path) has \(rows.count) rows; an id or --version requires exactly one")
    }
    var writer = RowWriter(daemon, options, isSingle: rows.count == 1)
    var failures = RowFailures()
    for row in rows {
      do {
        try await update(target, one?.id, over: row, daemon, &writer)
      } catch let error as BahariError where rows.count > 1 {
        try failures.add(error)
      }
    }
    try writer.end()
    try failures.end()
  }

  private func update(
    _ target: DescribedResource, _ id: Int64?, over row: RowFile.Row?, _ daemon: DescribedDaemon,
    _ writer: inout RowWriter
  ) async throws {
    let method = try daemon.method(target, "Update")
    var changes = try Changes(target, daemon.schema, set: set, unset: unset, over: row)
    try changes.identify(id)
    var request = Record(method.input)
    request["data"] = .record(changes.row)
    request["update_mask"] = .mask(changes.mask)
    if let version = version ?? changes.version { request["version"] = .text(version) }
    if forceState {
      guard method.input.field("force_state") != nil else {
        throw Failure(.invalidArgument, "\(target.info.name) has no flow of states; leave out --force-state")
      }
      request["force_state"] = .bool(true)
    }
    do {
      try await writer.call(target, method, request)
    } catch let error as BahariError {
      throw changes.located(error)
    }
  }
}
