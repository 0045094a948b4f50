import BahariClient

/// What the daemon serves, as a document in Markdown. The same daemon always gives the same text.
struct ReferenceText {
  private let daemon: DescribedDaemon
  private var lines: [String] = []

  init(_ daemon: DescribedDaemon) { self.daemon = daemon }

  /// The whole document.
  static func all(_ daemon: DescribedDaemon) throws -> String {
    var text = ReferenceText(daemon)
    try text.overview()
    for resource in daemon.description.resources { try text.section(resource) }
    text.reports()
    text.otherServices()
    return text.document
  }

  /// The section of one resource.
  static func section(_ target: DescribedResource, _ daemon: DescribedDaemon) throws -> String {
    var text = ReferenceText(daemon)
    try text.section(target.info)
    return text.document
  }

  private var document: String { lines.joined(separator: "\n") }

  // MARK: The whole

  private mutating func overview() throws {
    lines.append("# Reference")
    paragraph(
      "What the server says of itself, written by `bahari describe --markdown`; nobody edits it. "
        + "[README.md](README.md) explains how values travel and what errors mean.")
    paragraph(
      "A column without NULL and default is mandatory. Every row has `version` and its joined names beside its "
        + "columns; they are output only. What is computed is so only where the caller leaves it out.")
    table(
      ["resource", "table", "service", "natural key"],
      daemon.description.resources.map {
        ["[\($0.name)](#\($0.name))", code($0.table), code($0.service), code($0.naturalKey)]
      })
    guard !daemon.description.reports.isEmpty else { return }
    table(
      ["report", "what"],
      daemon.description.reports.map { ["[\($0.name)](#report-\($0.name))", $0.summary] })
  }

  private mutating func otherServices() {
    let known = Set(daemon.description.resources.map(\.service))
    let others = daemon.schema.services.keys.filter { !known.contains($0) }.sorted()
    guard !others.isEmpty else { return }
    heading("Other services")
    table(
      ["method", "request", "reply"],
      others.flatMap { service in methods(service).map { ["`\(service)/\($0.name)`"] + messages($0) } })
  }

  // MARK: A table

  private mutating func section(_ resource: Bahari_V1_Resource) throws {
    let row = try daemon.schema.message(resource.row)
    heading(resource.name)
    paragraph(
      "Table `\(resource.table)`, service `\(resource.service)`, row `\(resource.row)`, "
        + "natural key `\(resource.naturalKey)`.")
    table(
      ["column", "type", "NULL", "default", "unique", "refers to", "values", "field"],
      resource.columns.map { column in
        [
          code(column.name), column.type, column.nullable ? "yes" : "", code(column.defaultValue),
          column.unique ? "yes" : "", code(column.references), values(column), row.field(column.name).map(type) ?? "",
        ]
      })
    joined(resource, row)
    points(lists(resource))
    sentences("Refused is what breaks one of these:", resource.rules)
    sentences("Computed:", resource.computed)
    sentences("Answered with a warning, and never refused, is what differs:", resource.hints)
    table(["method", "request", "reply"], methods(resource.service).map { [code($0.name)] + messages($0) })
  }

  private mutating func joined(_ resource: Bahari_V1_Resource, _ row: MessageType) {
    guard !resource.joined.isEmpty else { return }
    let methods = resource.joinsByDefault ? "Get, List and Export bring them" : "only ListWithRelations brings them"
    paragraph("Names joined from other tables; \(methods):")
    table(
      ["name", "from", "through", "field"],
      resource.joined.map { name in
        [
          code(name.name), code(name.source), name.through.map(code).joined(separator: ", "),
          row.field(name.name).map(type) ?? "",
        ]
      })
  }

  private func lists(_ resource: Bahari_V1_Resource) -> [String] {
    var points: [String] = []
    if !resource.search.isEmpty { points.append("Search looks in \(list(resource.search)).") }
    // Rows that are equal in all of it follow each other by id, the way the last column goes.
    let end = resource.sort.last?.hasPrefix("-") ?? false ? "-id" : "id"
    let order = (resource.sort + [end]).map { $0.hasPrefix("-") ? "`\($0.dropFirst())` descending" : code($0) }
    points.append("Default order: \(order.joined(separator: ", ")).")
    if !resource.position.isEmpty {
      points.append("Around a point and in a box, lists go by \(list(resource.position)).")
    }
    return points
  }

  /// A closed list, or limits.
  private func values(_ column: Bahari_V1_Column) -> String {
    if !column.values.isEmpty { return column.values.joined(separator: ", ") }
    let (least, most) = (DoubleText.format(column.minimum), DoubleText.format(column.maximum))
    switch (column.hasMinimum, column.hasMaximum) {
    case (true, true): return "\(least) to \(most)"
    case (true, false): return "at least \(least)"
    case (false, true): return "at most \(most)"
    case (false, false): return ""
    }
  }

  // MARK: Reports

  private mutating func reports() {
    for report in daemon.description.reports {
      heading("report \(report.name)")
      paragraph(report.summary)
      let method = daemon.schema.method(report.service, report.method)
      table(
        ["method", "request", "reply"],
        method.map { [["`\($0.service)/\($0.name)`"] + messages($0)] } ?? [])
      table(
        ["value", "mandatory", "default", "any of", "field"],
        report.parameters.map { value in
          let field = method?.input.field(value.field)
          return [
            code(value.field), value.mandatory ? "yes" : "", code(value.defaultValue), choices(value, field),
            field.map(type) ?? "",
          ]
        })
      table(["column", "type"], report.columns.map { [code($0.name), $0.type] })
    }
  }

  /// A closed list of words, or the names of an enumeration.
  private func choices(_ value: Bahari_V1_ReportParameter, _ field: Field?) -> String {
    let names = field.flatMap { daemon.schema.enums[$0.typeName] }?.map(\.name) ?? []
    return (value.choices.isEmpty ? names : value.choices).joined(separator: ", ")
  }

  // MARK: Parts

  private func methods(_ service: String) -> [Method] { daemon.schema.services[service] ?? [] }

  private func messages(_ method: Method) -> [String] {
    [
      (method.takesStream ? "stream of " : "") + code(method.input.name),
      (method.streams ? "stream of " : "") + code(method.output.name),
    ]
  }

  /// A field's number and type: `9 repeated int64`.
  private func type(_ field: Field) -> String {
    let name = field.typeName.isEmpty ? "\(field.kind)" : field.typeName
    return "\(field.number) \(field.isRepeated ? "repeated " : "")\(name)"
  }

  private mutating func heading(_ text: String) { lines += ["", "## \(text)"] }

  private mutating func paragraph(_ text: String) { lines += ["", text] }

  private mutating func points(_ texts: [String]) {
    if !texts.isEmpty { lines += [""] + texts.map { "- \($0)" } }
  }

  private mutating func sentences(_ title: String, _ texts: [String]) {
    guard !texts.isEmpty else { return }
    paragraph(title)
    points(texts.map(plain))
  }

  private mutating func table(_ titles: [String], _ rows: [[String]]) {
    guard !rows.isEmpty else { return }
    lines += ["", line(titles), "|" + titles.map { _ in "---|" }.joined()]
    for row in rows { lines.append(line(row.map { $0.replacing("|", with: "\\|") })) }
  }

  private func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }

  private func list(_ names: [String]) -> String { names.map(code).joined(separator: ", ") }

  private func code(_ text: String) -> String { text.isEmpty ? "" : "`\(text)`" }

  /// What Markdown would take for its own.
  private func plain(_ text: String) -> String {
    String(text.flatMap { "\\`*[]<".contains($0) ? ["\\", $0] : [$0] })
  }
}
