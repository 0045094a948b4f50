import ArgumentParser
import SwiftProtobuf

struct DescribeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe", abstract: "Shows what the daemon serves, or the columns of a resource.",
    discussion: """
      Examples:
        bahari describe
        bahari describe desa -o json
        bahari describe --markdown >Proto/REFERENCE.md
      """)

  @Argument(help: "A resource; everything if left out.", completion: Completions.resources) var resource: String?
  @Option(name: .shortAndLong, help: "table or json.") var output = PlainFormat.table
  @Flag(help: "Write a complete description as Markdown.") var markdown = false
  @OptionGroup var connection: ConnectionOptions

  func validate() throws {
    if markdown && output == .json { throw ValidationError("--markdown and -o json are different formats: choose one") }
  }

  func run() async throws {
    let daemon = try await DescribedDaemon(connection)
    var out = Output()
    if markdown {
      let section = try resource.map { try ReferenceText.section(try daemon.target($0), daemon) }
      out.line(try section ?? ReferenceText.all(daemon))
    } else if let resource {
      let target = try daemon.target(resource)
      switch output {
      case .table: columns(target, &out)
      case .json: try json(daemon, "bahari.v1.Resource", try target.info.serializedBytes(), &out)
      }
    } else {
      switch output {
      case .table: overview(daemon, &out)
      case .json:
        var description = daemon.description
        // The binary descriptors are not printed; `bahari call DescriptorService/Get` returns them.
        description.clearFileDescriptorSet()
        try json(daemon, "bahari.v1.GetDescriptorReply", try description.serializedBytes(), &out)
      }
    }
    try out.flush()
  }

  private func json(_ daemon: DescribedDaemon, _ type: String, _ bytes: [UInt8], _ out: inout Output) throws {
    let record = try RecordDecoder(schema: daemon.schema).decode(daemon.schema.message(type), bytes)
    out.line(JSONText(schema: daemon.schema).text(of: record))
  }

  private func overview(_ daemon: DescribedDaemon, _ out: inout Output) {
    table(
      ["resource", "table", "service", "key"],
      daemon.description.resources.map { [$0.name, $0.table, $0.service, $0.naturalKey] }, &out)
    out.line("")
    table(
      ["service", "methods"],
      daemon.schema.services.keys.sorted().map { service in
        [service, (daemon.schema.services[service] ?? []).map(\.name).joined(separator: " ")]
      }, &out)
  }

  private func columns(_ target: DescribedResource, _ out: inout Output) {
    table(
      ["column", "type", "null", "default", "unique", "references"],
      target.info.columns.map { column in
        [
          column.name, column.type, column.nullable ? "yes" : "no", column.defaultValue, column.unique ? "yes" : "",
          column.references,
        ]
      }, &out)
    out.line("")
    out.line("table: \(target.info.table)   service: \(target.info.service)")
    if !target.info.search.isEmpty { out.line("search: \(target.info.search.joined(separator: ", "))") }
    if !target.info.sort.isEmpty { out.line("order: \(target.info.sort.joined(separator: ", "))") }
  }

  private func table(_ titles: [String], _ rows: [[String]], _ out: inout Output) {
    let columns = titles.map { TableText.Column(title: $0, isNumber: false) }
    TableText(columns: columns, rows: rows, screen: .output.uncut).write(to: &out.bytes)
  }
}
