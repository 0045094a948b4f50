import ArgumentParser
import BahariClient

struct DeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Deletes a row, or several.",
    discussion: """
      A row that other rows refer to is refused; --cascade deletes those, too. It first prints how many there \
      are, and asks unless --yes is given; without a terminal it requires --yes. Of several rows, those that are \
      refused are reported and the others deleted. Examples:
        bahari delete desa 1101012099
        bahari delete kecamatan 110199 --cascade --dry-run
        bahari delete kecamatan 110199 --cascade --yes
        bahari list sertifikasi --where status_sertifikat=Dicabut --all -o name | bahari delete - --quiet
      """)

  @OptionGroup var named: RowArguments
  @Flag(help: "Also delete the rows of other tables that refer to it.") var cascade = false
  @Flag(name: .shortAndLong, help: "With --cascade: do not ask.") var yes = false
  @Option(help: "Refuse unless the row has this version.") var version: String?
  @OptionGroup var options: WriteOptions

  func validate() throws {
    guard named.namesRows else { throw ValidationError("an id is missing") }
  }

  func run() async throws {
    let daemon = try await DescribedDaemon(options.connection)
    let one = try named.single(daemon)
    var writer = RowWriter(daemon, options, isSingle: one != nil)
    if let one {
      try await delete(one.target, one.id, daemon, &writer)
    } else {
      guard version == nil else { throw Failure(.invalidArgument, "--version requires exactly one row") }
      var portions = named.portions(daemon, of: 1)
      var failures = RowFailures()
      while let portion = try portions.next() {
        do {
          try await delete(portion.target, portion.ids[0], daemon, &writer)
        } catch let error as BahariError {
          try failures.add(error)
        }
      }
      try writer.end()
      try failures.end()
    }
  }

  private func delete(_ target: DescribedResource, _ id: Int64, _ daemon: DescribedDaemon, _ writer: inout RowWriter)
    async throws
  {
    let method = try daemon.method(target, "Delete")
    let name = "\(target.info.name) \(id)"
    let isForPeople = options.output == .table || options.output == .wide
    var cascaded = ""
    if cascade {
      cascaded = try await Self.cascaded(target, id, method, daemon)
      if !options.dryRun {
        if !yes {
          try Confirmation.ask("deleting \(name)\(cascaded)")
        } else if isForPeople, !options.quiet {
          StandardError.write("deleting \(name)\(cascaded)\n")
        }
      }
    }
    var request = Record(method.input)
    request["id"] = .integer(id)
    if cascade { request["cascade"] = .bool(true) }
    if let version { request["version"] = .text(version) }
    try await writer.call(target, method, request, isShown: !isForPeople)
    guard isForPeople, !options.quiet else { return }
    var output = Output()
    output.line("\(options.dryRun ? "would delete" : "deleted") \(name)\(cascaded)")
    try output.flush()
  }

  /// Returns a text about the rows that a cascade would also delete, such as ", and with it 23 of mst_kabupaten". A dry
  /// run without `cascade` is refused, and the metadata of its error has these numbers.
  private static func cascaded(
    _ target: DescribedResource, _ id: Int64, _ method: Method, _ daemon: DescribedDaemon
  ) async throws -> String {
    var request = Record(method.input)
    request["id"] = .integer(id)
    request["dry_run"] = .bool(true)
    request["request_id"] = .text(RequestID.random())
    do {
      _ = try await daemon.call(method, try request.encoded())
      return ""
    } catch let error as BahariError where error.metadata.keys.contains(where: { $0.hasPrefix("rows.") }) {
      let counts = error.metadata.filter { $0.key.hasPrefix("rows.") }.map {
        ($0.key.dropFirst(5), Int64($0.value) ?? 0)
      }
      return ", and with it "
        + counts.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map { "\($1) of \($0)" }.joined(separator: ", ")
    }
  }
}
