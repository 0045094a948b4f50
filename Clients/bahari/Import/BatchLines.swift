/// The lines of the file that the rows of a batch came from.
struct BatchLines {
  /// The lines of the rows that are sent, in order.
  var lines: [Int] = []
  /// The same rows as records of the file; only if they are kept for --rejects.
  var records: [CSVRecord] = []
  /// Rows that are not sent because they cannot be read.
  var bad: [(record: CSVRecord, faults: [RowFault])] = []
  var first = 0
  var end = ImportPlace()
  var keys: Set<Int> = []

  var count: Int { lines.count + bad.count }
  var isEmpty: Bool { count == 0 }

  /// Translates the path of a violation, such as `data[12].name`, into a line of the file; nil if the path is not that of
  /// a row.
  func fault(path: String, cause: String) -> RowFault? {
    guard path.hasPrefix("data["), let end = path.firstIndex(of: "]"),
      let index = Int(path.dropFirst(5)[..<end]), lines.indices.contains(index)
    else { return nil }
    return RowFault(line: lines[index], column: String(path[end...].dropFirst(2)), cause: cause)
  }
}
