/// What was odd about rows that were written all the same: the first of it, and how much there was.
///
/// The daemon tells the warnings of a batch's first hundred such rows, so the count is of what was told.
struct ImportWarnings: Equatable {
  /// Enough to see what is odd about a file; one column that is odd throughout would fill the screen.
  static let most = 20

  private(set) var first: [RowFault] = []
  private(set) var count = 0

  /// Whether it is one of the first, to be shown.
  mutating func add(_ warning: RowFault) -> Bool {
    count += 1
    guard first.count < ImportWarnings.most else { return false }
    first.append(warning)
    return true
  }

  /// What is said of those that were not shown; nil where all were.
  var rest: String? { count > first.count ? "and \(count - first.count) more warnings" : nil }

  /// Members of a JSON object, each after a comma; nothing where there is no warning.
  var json: String {
    guard count > 0 else { return "" }
    return ",\"warned\":\(count),\"warnings\":[\(first.map(\.json).joined(separator: ","))]"
  }
}
