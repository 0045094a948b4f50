import ArgumentParser
import BahariClient
import SwiftProtobuf

/// `COLUMN=VALUE`.
struct Assignment {
  var column: String
  var value: String

  init(_ text: String, option: String) throws {
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
      throw Failure(.invalidArgument, "\(option) \"\(text)\" cannot be read: write COLUMN=VALUE")
    }
    column = text[..<sign].trimmed
    value = String(text[text.index(after: sign)...])
  }
}

/// The columns that `--set` and `--unset` name, as a row and a mask.
struct Changes {
  private(set) var row: Record
  private(set) var mask: [String] = []

  init(_ target: Target, _ schema: Schema, set: [String], unset: [String]) throws {
    row = Record(target.row)
    for text in set {
      let assignment = try Assignment(text, option: "--set")
      let field = try target.field(assignment.column, writable: true)
      do throws(BadValue) {
        row[field.name] = try Value(
          text: assignment.value, for: field, schema: schema, isDecimal: target.isDecimal(field))
      } catch {
        throw Failure(.invalidArgument, "\(target.info.name).\(field.name): \(error.description)")
      }
      try add(field.name)
    }
    for name in unset { try add(target.field(name, writable: true).name) }
  }

  private mutating func add(_ name: String) throws {
    guard !mask.contains(name) else { throw Failure(.invalidArgument, "the column \(name) is given twice") }
    mask.append(name)
  }

  mutating func identify(_ id: Int64) throws {
    guard !mask.contains("id") else {
      throw Failure(.invalidArgument, "the id names the row to change and cannot be set")
    }
    row["id"] = .integer(id)
  }
}

struct CreateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "create", abstract: "Adds a row.",
    discussion: """
      Columns that are not set take their defaults. Example:
        bahari create desa --set id=1101012099 --set district_id=110101 --set 'name=Desa Baru'
      """)

  @Argument(help: "The resource.") var resource: String
  @Option(help: "COLUMN=VALUE; once per column.") var set: [String] = []
  @Option(help: "Names the write: repeated with the same one it has no second effect.") var requestID: String?
  @Flag(help: "Check everything, write nothing.") var dryRun = false
  @Option(name: .shortAndLong, help: "table, json, jsonl or csv.") var output = RowFormat.table
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let session = try await Session(connection)
    let target = try session.target(resource)
    let method = try session.method(target, "Create")
    var request = Record(method.input)
    request["data"] = .record(try Changes(target, session.schema, set: set, unset: []).row)
    request["request_id"] = .text(requestID ?? RequestID.random())
    if dryRun { request["dry_run"] = .bool(true) }
    let reply = try await session.call(method, try request.encoded(), isRead: false)
    var rows = RowOutput(target, session.schema, output)
    try rows.reply(reply)
  }
}

struct UpdateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update", abstract: "Changes columns of a row.",
    discussion: """
      Only the columns that are named change. Examples:
        bahari update desa 1101012001 --set 'name=Keude Bakongan' --set latitude=2.93
        bahari update provinsi 11 --unset alt_name --version 4711
        bahari update bantuan 7 --set status_penyaluran=Direncanakan --force-state
      """)

  @Argument(help: "The resource.") var resource: String
  @Argument(help: "The row's id.") var id: Int64
  @Option(help: "COLUMN=VALUE; once per column.") var set: [String] = []
  @Option(help: "A column to set to NULL; once per column.") var unset: [String] = []
  @Option(help: "Refuse when the row has another version by now.") var version: String?
  @Option(help: "Names the write: repeated with the same one it has no second effect.") var requestID: String?
  @Flag(help: "Set a state that no step leads to, to mend a mistake; the reply says so.") var forceState = false
  @Flag(help: "Check everything, write nothing.") var dryRun = false
  @Option(name: .shortAndLong, help: "table, json, jsonl or csv.") var output = RowFormat.table
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    guard !set.isEmpty || !unset.isEmpty else { throw ValidationError("name a column with --set or --unset") }
  }

  func run() async throws {
    let session = try await Session(connection)
    let target = try session.target(resource)
    let method = try session.method(target, "Update")
    var changes = try Changes(target, session.schema, set: set, unset: unset)
    try changes.identify(id)
    var request = Record(method.input)
    request["data"] = .record(changes.row)
    request["update_mask"] = .mask(changes.mask)
    if let version { request["version"] = .text(version) }
    if forceState {
      guard method.input.field("force_state") != nil else {
        throw Failure(.invalidArgument, "\(target.info.name) has no state to force; leave --force-state out")
      }
      request["force_state"] = .bool(true)
    }
    request["request_id"] = .text(requestID ?? RequestID.random())
    if dryRun { request["dry_run"] = .bool(true) }
    let reply = try await session.call(method, try request.encoded(), isRead: false)
    var rows = RowOutput(target, session.schema, output)
    try rows.reply(reply)
  }
}

struct DeleteCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Deletes a row.",
    discussion: """
      A row that others belong to is refused; --cascade deletes those along. Examples:
        bahari delete desa 1101012099
        bahari delete kecamatan 110199 --cascade --dry-run
      """)

  @Argument(help: "The resource.") var resource: String
  @Argument(help: "The row's id.") var id: Int64
  @Flag(help: "Delete the rows of other tables that belong to it.") var cascade = false
  @Option(help: "Refuse when the row has another version by now.") var version: String?
  @Option(help: "Names the write: repeated with the same one it has no second effect.") var requestID: String?
  @Flag(help: "Check everything, write nothing.") var dryRun = false
  @Option(name: .shortAndLong, help: "table, json, jsonl or csv.") var output = RowFormat.table
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let session = try await Session(connection)
    let target = try session.target(resource)
    var request = Bahari_V1_DeleteRequest()
    request.id = id
    if cascade { request.cascade = true }
    if let version { request.version = version }
    request.requestID = requestID ?? RequestID.random()
    if dryRun { request.dryRun = true }
    let method = try session.method(target, "Delete")
    let reply = try await session.call(method, try request.serializedBytes(), isRead: false)
    var rows = RowOutput(target, session.schema, output)
    if output == .table {
      rows.output.line(dryRun ? "would delete \(target.info.name) \(id)" : "deleted \(target.info.name) \(id)")
      try rows.output.flush()
    } else {
      try rows.reply(reply)
    }
  }
}
