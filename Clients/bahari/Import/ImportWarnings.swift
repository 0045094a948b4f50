/// The warnings of an import: the first ones, and their number.
///
/// The daemon returns the warnings of the first 100 rows of a batch that have any; others are not counted.
struct ImportWarnings: Equatable {
  /// How many warnings are shown: a column with a warning in every row would fill the screen.
  static let most = 20

  private(set) var first: [RowFault] = []
  private(set) var count = 0

  /// Counts a warning.
  ///
  /// - Returns: whether it is one of the first, which are shown.
  mutating func add(_ warning: RowFault) -> Bool {
    count += 1
    guard first.count < ImportWarnings.most else { return false }
    first.append(warning)
    return true
  }

  /// A line about the warnings that were not shown; nil if all were.
  var rest: String? { count > first.count ? "and \(count - first.count) more warnings" : nil }

  /// Members of a JSON object, each after a comma; empty without warnings.
  var json: String {
    guard count > 0 else { return "" }
    return ",\"warned\":\(count),\"warnings\":[\(first.map(\.json).joined(separator: ","))]"
  }
}
