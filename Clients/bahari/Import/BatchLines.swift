/// Where the rows of a batch came from.
struct BatchLines {
  /// Of the rows that are sent, in their order.
  var lines: [Int] = []
  /// The same rows as the file has them, where they are kept to be told.
  var records: [CSVRecord] = []
  /// Rows that were found bad before sending.
  var bad: [(record: CSVRecord, faults: [RowFault])] = []
  var first = 0
  var end = ImportPlace()
  var keys: Set<Int> = []

  var count: Int { lines.count + bad.count }
  var isEmpty: Bool { count == 0 }

  /// A fault that the daemon names by a path such as `data[12].name`, by the line it stands on; nil where
  /// the path is not about a row.
  func fault(path: String, cause: String) -> RowFault? {
    guard path.hasPrefix("data["), let end = path.firstIndex(of: "]"),
      let index = Int(path.dropFirst(5)[..<end]), lines.indices.contains(index)
    else { return nil }
    return RowFault(line: lines[index], column: String(path[end...].dropFirst(2)), cause: cause)
  }
}
