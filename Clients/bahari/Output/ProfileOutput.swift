import BahariClient

/// Writes a reply with several parts, each a row or a list of rows: as sections of text for people, or as JSON.
struct ProfileOutput {
  let daemon: DescribedDaemon
  let method: Method
  var output = Output()

  init(_ daemon: DescribedDaemon, _ method: Method) {
    self.daemon = daemon
    self.method = method
  }

  mutating func write(_ reply: Record, asJSON: Bool) throws {
    if asJSON { try json(reply) } else { try sections(reply) }
    RowOutput.warn(reply)
    try output.flush()
  }

  /// The fields of the reply that contain rows.
  private var parts: [Field] {
    method.output.fields.filter { $0.kind == .message && $0.name != "warnings" }
  }

  /// Returns the description of a part's columns: that of its resource or, if it has none, of all report columns.
  private func info(_ part: Field) -> Bahari_V1_Resource {
    daemon.description.resources.first { $0.row == part.typeName }
      ?? .with { ($0.name, $0.columns) = (part.name, daemon.description.reports.flatMap(\.columns)) }
  }

  private mutating func json(_ reply: Record) throws {
    var reply = reply
    var layouts: [String: RowLayout] = [:]
    for part in parts {
      // Write an empty list as an empty array instead of leaving it out.
      if part.isRepeated, reply[part.name] == nil { reply[part.name] = .list([]) }
      layouts[part.typeName] = RowLayout(try daemon.schema.message(part.typeName))
    }
    JSONText(schema: daemon.schema, layouts: layouts).write(reply, to: &output.bytes)
    output.line("")
  }

  private mutating func sections(_ reply: Record) throws {
    for (index, part) in parts.enumerated() {
      let rows = reply.records(part.name)
      let type = try daemon.schema.message(part.typeName)
      let target = DescribedResource(info: info(part), row: type)
      if index > 0 { output.line("") }
      let title = part.name == "data" ? target.info.name : part.name
      output.line(part.isRepeated ? "\(title) (\(rows.count))" : title)
      guard !rows.isEmpty else { continue }
      let shown = RowOutput.filled(type, rows).filter { !DescribedResource.setByDaemon.contains($0) }
      var section = RowOutput(target, daemon.schema, .table, selected: shown)
      if part.isRepeated {
        section.table(rows, nil, withHeader: true, withJoined: false)
      } else {
        section.vertical(rows[0])
      }
      output.bytes += section.output.bytes
    }
  }
}
