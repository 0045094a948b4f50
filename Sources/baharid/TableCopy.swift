import BahariDemo
import BahariPostgres
import Glibc

/// Copies a demo's rows into a table by COPY.
struct TableCopy {
  /// Called whenever rows have been sent, with the number of rows since the last call.
  let sent: (_ rows: Int, _ table: DemoTable) -> Void

  /// - Parameter target: The table to copy into, quoted as in SQL. It has the columns of `table`.
  func run(_ table: DemoTable, into target: String, _ session: Session) throws {
    let columns = table.columns.joined(separator: ", ")
    try session.copy("COPY \(target) (\(columns)) FROM STDIN") { send in
      var text = CopyText()
      try table.forEach { row in
        text.add(row)
        guard text.bytes.count >= CopyText.piece else { return }
        try send(text.bytes)
        sent(text.rows, table)
        text.removeAll()
      }
      try send(text.bytes)
      sent(text.rows, table)
    }
  }

  /// Copies the rows into the table of the same name in schema public. The rows have ids, so the table's sequence is set
  /// to continue after them; tables of regions have no sequence.
  func fill(_ table: DemoTable, _ session: Session) throws {
    try run(table, into: "public.\(table.name)", session)
    try session.query(
      "SELECT setval(pg_get_serial_sequence($1, 'id'), (SELECT max(id) FROM public.\(table.name)))",
      ["public.\(table.name)"])
  }
}

/// Rows in the text format of COPY.
private struct CopyText {
  /// How many bytes are collected before they are sent.
  static let piece = 65_536

  private(set) var bytes: [UInt8] = []
  private(set) var rows = 0

  mutating func add(_ row: [String?]) {
    for (place, value) in row.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: "\t")) }
      guard let value else {
        bytes.append(contentsOf: #"\N"#.utf8)
        continue
      }
      // Most values have no character that COPY would interpret, and are copied unchanged.
      guard strpbrk(value, "\\\t\n\r") != nil else {
        bytes.append(contentsOf: value.utf8)
        continue
      }
      for byte in value.utf8 {
        switch byte {
        case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
        case UInt8(ascii: "\t"): bytes.append(contentsOf: #"\t"#.utf8)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
        case UInt8(ascii: "\r"): bytes.append(contentsOf: #"\r"#.utf8)
        default: bytes.append(byte)
        }
      }
    }
    bytes.append(UInt8(ascii: "\n"))
    rows += 1
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    rows = 0
  }
}
