/// Which fields of a row are shown, and in what order.
struct RowLayout: Sendable {
  /// Slots shown in every row, NULL or not.
  var columns: [Int]
  /// Slots shown, in JSON, in rows that have them: joined names and, last, the version.
  var whenPresent: [Int] = []

  /// - Parameter selected: the columns asked for; all when empty.
  init(_ type: MessageType, selected: [String] = []) {
    guard selected.isEmpty else {
      columns = selected.compactMap { type.slot($0) }
      return
    }
    func slots(_ matches: (UInt32) -> Bool) -> [Int] { type.fields.indices.filter { matches(type.fields[$0].number) } }
    columns = slots { $0 < RowNumbers.version }
    whenPresent = slots { $0 >= RowNumbers.joined } + slots { $0 == RowNumbers.version }
  }

  /// For tables and CSV, where every row has the same fields: the joined names as columns, and the version where
  /// it is asked for.
  func flattened(_ type: MessageType, withJoined: Bool, withVersion: Bool = false) -> RowLayout {
    var layout = self
    layout.whenPresent = []
    layout.columns += whenPresent.filter {
      type.fields[$0].number >= RowNumbers.joined ? withJoined : withVersion
    }
    return layout
  }
}
