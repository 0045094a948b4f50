import BahariClient

/// Writes rows in the format that -o selects.
struct RowOutput {
  let target: DescribedResource
  let schema: Schema
  let format: RowFormat
  let layout: RowLayout
  var output = Output()

  /// - Parameter selected: the columns to write; all if empty.
  init(_ target: DescribedResource, _ schema: Schema, _ format: RowFormat, selected: [String] = []) {
    self.target = target
    self.schema = schema
    self.format = format
    layout = RowLayout(target.row, selected: selected)
  }

  private var json: JSONText { JSONText(schema: schema, layouts: [target.row.name: layout]) }

  // MARK: One row

  /// Writes the reply of a call about one row.
  mutating func reply(_ reply: Record) throws {
    let rows = reply.records("data")
    switch format {
    case .json:
      json.write(reply, to: &output.bytes)
      output.line("")
    case .jsonl: jsonLines(rows)
    case .csv: csv(rows, withHeader: true, withJoined: false)
    case .name: try names(rows)
    case .table, .wide:
      if let row = rows.first { vertical(row) }
    }
    RowOutput.warn(reply)
    try output.flush()
  }

  mutating func vertical(_ row: Record) {
    let present = layout.whenPresent.filter {
      row.values[$0] != nil && (format == .wide || target.row.fields[$0].number != RowNumbers.version)
    }
    let cells = (layout.columns + present).map { [target.row.fields[$0].name, row.values[$0]?.plainText(schema)] }
    let columns = [
      TableText.Column(title: "column", isNumber: false), TableText.Column(title: "value", isNumber: false),
    ]
    // The values of a single row are never cut to the width of the screen.
    TableText(columns: columns, rows: cells, screen: .output.uncut).write(to: &output.bytes)
  }

  // MARK: A page

  mutating func page(_ reply: Record) throws {
    let rows = reply.records("data")
    switch format {
    case .json:
      json.write(reply, to: &output.bytes)
      output.line("")
    case .jsonl: jsonLines(rows, reply.distances)
    case .csv: csv(rows, reply.distances, withHeader: true, withJoined: hasJoined(rows))
    case .name: try names(rows)
    case .table, .wide:
      let fit = table(rows, reply.distances, withHeader: true, withJoined: hasJoined(rows))
      footer(reply.records("pagination").first, rows.count, fit.hidden)
    }
    RowOutput.warn(reply)
    try output.flush()
  }

  private static let distance = "distance_km"

  /// - Parameter before: the column widths of the table above that this one continues; nil for a new table.
  @discardableResult
  mutating func table(
    _ rows: [Record], _ distances: [Double]?, withHeader: Bool, withJoined: Bool, before: TableText.Fit? = nil
  ) -> TableText.Fit {
    let isWide = format == .wide
    let flat = layout.flattened(target.row, withJoined: withJoined, withVersion: isWide)
    var columns = flat.columns.map { slot in
      let field = target.row.fields[slot]
      return TableText.Column(title: field.name, isNumber: target.isRightAligned(field))
    }
    var cells = rows.map { row in flat.columns.map { row.values[$0]?.plainText(schema) } }
    if let distances {
      columns.append(TableText.Column(title: RowOutput.distance, isNumber: true))
      for (index, distance) in distances.enumerated() { cells[index].append(DoubleText.format(distance)) }
    }
    let table = TableText(
      columns: columns, rows: cells, screen: isWide ? .output.uncut : .output, withHeader: withHeader, before: before)
    return table.write(to: &output.bytes)
  }

  /// Writes the number of rows and, at a terminal, the options that show hidden columns and the next page.
  private mutating func footer(_ pagination: Record?, _ shown: Int, _ hidden: Int) {
    if let pagination {
      let page = pagination.integer("current_page") ?? pagination.integer("page")
      if let page, let pages = pagination.integer("total_pages"), let total = pagination.integer("total") {
        output.line("page \(page) of \(pages), \(total) \(total == 1 ? "row" : "rows")")
      } else {
        output.line("\(shown) \(shown == 1 ? "row" : "rows")")
      }
    }
    guard Output.isTerminal else { return }
    if hidden > 0 {
      output.line(
        "\(hidden) more \(hidden == 1 ? "column" : "columns"): -o wide shows all, --columns the ones you name")
    }
    if let token = pagination?.text("next_page_token") { output.line("next: --page-token \(token)") }
  }

  func hasJoined(_ rows: [Record]) -> Bool {
    let slots = layout.whenPresent.filter { target.row.fields[$0].number >= RowNumbers.joined }
    return rows.contains { row in slots.contains { row.values[$0] != nil } }
  }

  /// Returns the names of the fields that are present in at least one row, without the version.
  static func filled(_ type: MessageType, _ rows: [Record]) -> [String] {
    let slots = type.fields.indices.filter { slot in rows.contains { $0.values[slot] != nil } }
    return slots.map { type.fields[$0] }.filter { $0.number != RowNumbers.version }.map(\.name)
  }

  static func warn(_ reply: Record) {
    for warning in reply.records("warnings") {
      let text = "warning: \(warning.text("field") ?? ""): \(warning.text("description") ?? "")"
      StandardError.write(TableText.escaped(text) + "\n")
    }
  }

  // MARK: Many rows

  /// Writes lines such as `kapal/12`, which `bahari get`, `update` and `delete` read from standard input.
  mutating func names(_ rows: [Record]) throws {
    for row in rows {
      guard let id = row.integer("id") else {
        throw Failure(.invalidArgument, "rows of \(target.info.name) have no id, which -o name needs")
      }
      output.line("\(target.info.name)/\(id)")
    }
  }

  mutating func jsonLines(_ rows: [Record], _ distances: [Double]? = nil) {
    for (index, row) in rows.enumerated() {
      json.write(row, to: &output.bytes)
      if let distances {
        output.bytes.removeLast()
        output.bytes += ",\"\(RowOutput.distance)\":\(DoubleText.format(distances[index]))}".utf8
      }
      output.bytes.append(0x0a)
    }
  }

  mutating func csv(_ rows: [Record], _ distances: [Double]? = nil, withHeader: Bool, withJoined: Bool) {
    let slots = layout.flattened(target.row, withJoined: withJoined).columns
    let fields = slots.map { target.row.fields[$0] }
    let extra = distances == nil ? [] : [RowOutput.distance]
    let nullable = fields.map(target.isNullable) + extra.map { _ in true }
    if withHeader { CSVWriter.write(fields.map(\.name) + extra, nullable: nullable, to: &output.bytes) }
    for (index, row) in rows.enumerated() {
      let cells = slots.map { row.values[$0]?.plainText(schema) }
      CSVWriter.write(
        cells + (distances.map { [DoubleText.format($0[index])] } ?? []), nullable: nullable, to: &output.bytes)
    }
  }
}
