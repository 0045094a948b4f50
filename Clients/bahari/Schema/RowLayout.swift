/// The fields of a row that are shown, in order.
struct RowLayout: Sendable {
  /// The slots (positions in `MessageType.fields`) of fields that are shown in every row, NULL or not.
  var columns: [Int]
  /// The slots of fields that the JSON output omits in rows without them: the joined names, then the version.
  var whenPresent: [Int] = []

  /// - Parameter selected: the columns to show; all if empty.
  init(_ type: MessageType, selected: [String] = []) {
    guard selected.isEmpty else {
      columns = selected.compactMap { type.slot($0) }
      return
    }
    func slots(_ matches: (UInt32) -> Bool) -> [Int] { type.fields.indices.filter { matches(type.fields[$0].number) } }
    columns = slots { $0 < RowNumbers.version }
    whenPresent = slots { $0 >= RowNumbers.joined } + slots { $0 == RowNumbers.version }
  }

  /// Returns the layout for tables and CSV, where every row has the same fields: joined names and the version are shown
  /// in all rows or in none.
  func flattened(_ type: MessageType, withJoined: Bool, withVersion: Bool = false) -> RowLayout {
    var layout = self
    layout.whenPresent = []
    layout.columns += whenPresent.filter {
      type.fields[$0].number >= RowNumbers.joined ? withJoined : withVersion
    }
    return layout
  }
}
