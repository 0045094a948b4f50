/// A table for people: a header, aligned columns, numbers to the right; at a terminal no wider than the screen.
struct TableText {
  struct Column {
    var title: String
    var isNumber: Bool
  }

  /// The column widths of a table, for the next table that continues it below.
  struct Fit: Equatable {
    /// The widths of the columns that are shown, starting with the first column.
    var widths: [Int]
    /// The number of columns that are not shown because the screen is too narrow.
    var hidden = 0
  }

  var columns: [Column]
  /// The cells of each row; nil is NULL.
  var rows: [[String?]]
  var screen = Screen.plain
  var withHeader = true
  /// The column widths of the table above that this one continues; nil for a new table.
  var before: Fit?

  static let null = "NULL"
  private static let gap = 2
  /// Columns of texts are not cut to fewer characters than this.
  private static let leastCut = 10

  @discardableResult
  func write(to bytes: inout [UInt8]) -> Fit {
    let cells = rows.map { $0.map { $0.map(TableText.escaped) } }
    let fit = fit(cells)
    let shown = fit.widths.indices
    if withHeader {
      line(shown.map { cell(columns[$0].title, fit.widths[$0], columns[$0].isNumber, screen.bold) }, to: &bytes)
      line(fit.widths.map { String(repeating: "-", count: $0) }, to: &bytes)
    }
    for row in cells {
      line(
        shown.map { index in
          guard let text = row[index] else {
            return cell(TableText.null, fit.widths[index], columns[index].isNumber, screen.dim)
          }
          return cell(text, fit.widths[index], columns[index].isNumber) { $0 }
        }, to: &bytes)
    }
    return fit
  }

  // MARK: Widths

  private func fit(_ cells: [[String?]]) -> Fit {
    var widths = columns.indices.map { index in
      cells.reduce(columns[index].title.count) { max($0, ($1[index] ?? TableText.null).count) }
    }
    if let before {
      // Keep the column widths of the rows above. Only on a screen of unlimited width may columns become wider.
      guard screen.width == nil else { return before }
      for index in widths.indices { widths[index] = max(widths[index], before.widths[index]) }
    }
    guard let room = screen.width else { return Fit(widths: widths) }
    for count in (1...max(1, widths.count)).reversed() {
      let shown = Array(widths.prefix(count))
      if let cut = cut(shown, room) { return Fit(widths: cut, hidden: widths.count - count) }
    }
    return Fit(widths: Array(widths.prefix(1)), hidden: max(0, widths.count - 1))
  }

  /// Cuts the widest columns of texts to one common width, so that all columns fit into `room` characters; nil if they
  /// cannot fit.
  private func cut(_ widths: [Int], _ room: Int) -> [Int]? {
    func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + TableText.gap * max(0, widths.count - 1) }
    if total(widths) <= room { return widths }
    let widest = widths.indices.filter { !columns[$0].isNumber }.map { widths[$0] }.max() ?? 0
    for measure in stride(from: widest - 1, through: TableText.leastCut, by: -1) {
      let cut = widths.indices.map { columns[$0].isNumber ? widths[$0] : min(widths[$0], measure) }
      if total(cut) <= room { return cut }
    }
    return nil
  }

  // MARK: Cells

  private func cell(_ text: String, _ width: Int, _ isNumber: Bool, _ style: (String) -> String) -> String {
    let shown = text.count > width ? text.prefix(width - 1) + "…" : text
    let blanks = String(repeating: " ", count: max(0, width - shown.count))
    return isNumber ? blanks + style(shown) : style(shown) + blanks
  }

  private func line(_ cells: [String], to bytes: inout [UInt8]) {
    var text = cells.joined(separator: String(repeating: " ", count: TableText.gap))
    while text.hasSuffix(" ") { text.removeLast() }
    bytes += text.utf8
    bytes.append(0x0a)
  }

  /// Escapes control characters, so that a value cannot control the terminal.
  static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.properties.generalCategory == .control:
        result += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
