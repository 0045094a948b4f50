/// The lines of the file that the rows of a batch came from.
struct BatchLines {
  /// The line numbers of the rows that are sent, in order.
  var lines: [Int] = []
  /// The CSV records of the rows in `lines`; empty unless records are kept for --rejects.
  var records: [CSVRecord] = []
  /// Records that are not sent because they cannot be converted to rows, with their errors.
  var bad: [(record: CSVRecord, faults: [RowFault])] = []
  var first = 0
  var end = ImportPlace()
  var keys: Set<Int> = []

  var count: Int { lines.count + bad.count }
  var isEmpty: Bool { count == 0 }

  /// Converts a violation that the daemon reported into an error with a line of the file; nil unless `path` is the path
  /// of a row, such as `data[12].name`.
  func fault(path: String, cause: String) -> RowFault? {
    guard path.hasPrefix("data["), let end = path.firstIndex(of: "]"),
      let index = Int(path.dropFirst(5)[..<end]), lines.indices.contains(index)
    else { return nil }
    return RowFault(line: lines[index], column: String(path[end...].dropFirst(2)), cause: cause)
  }
}
