/// A table for people: a header, aligned columns, numbers to the right.
struct TableText {
  struct Column {
    var title: String
    var isNumber: Bool
  }

  var columns: [Column]
  /// Nil is NULL.
  var rows: [[String?]]
  /// NULL stands out by being dim on a terminal.
  var isTerminal: Bool
  var withHeader = true
  /// Of tables before this one that it goes on with.
  var leastWidths: [Int] = []

  /// - Returns: the columns' widths.
  @discardableResult
  func write(to bytes: inout [UInt8]) -> [Int] {
    let cells = rows.map { $0.map { $0.map(TableText.escaped) } }
    let widths = columns.indices.map { index in
      let least = max(columns[index].title.count, index < leastWidths.count ? leastWidths[index] : 0)
      return cells.reduce(least) { max($0, ($1[index] ?? TableText.null).count) }
    }
    let titles = zip(columns, widths).map { pad($0.title, $0.title.count, $1, $0.isNumber) }
    if withHeader {
      line(titles, to: &bytes)
      line(widths.map { String(repeating: "-", count: $0) }, to: &bytes)
    }
    for row in cells {
      let texts = row.indices.map { index in
        let text = row[index] ?? (isTerminal ? "\u{1b}[2m\(TableText.null)\u{1b}[0m" : TableText.null)
        let shown = (row[index] ?? TableText.null).count
        return pad(text, shown, widths[index], columns[index].isNumber)
      }
      line(texts, to: &bytes)
    }
    return widths
  }

  static let null = "NULL"

  private func pad(_ text: String, _ shown: Int, _ width: Int, _ isNumber: Bool) -> String {
    let blanks = String(repeating: " ", count: max(0, width - shown))
    return isNumber ? blanks + text : text + blanks
  }

  private func line(_ cells: [String], to bytes: inout [UInt8]) {
    var text = cells.joined(separator: "  ")
    while text.hasSuffix(" ") { text.removeLast() }
    bytes += text.utf8
    bytes.append(0x0a)
  }

  /// Control characters made visible, so that a value cannot steer the terminal.
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
