/// The first warnings of an import, and the number of all warnings.
///
/// The daemon returns the warnings of at most 100 rows of a batch; further warnings are not counted.
struct ImportWarnings: Equatable {
  /// The most warnings that are shown: a column with a warning in every row would fill the screen.
  static let most = 20

  private(set) var first: [RowFault] = []
  private(set) var count = 0

  /// Counts a warning.
  ///
  /// - Returns: whether the warning is one of the first, which are shown.
  mutating func add(_ warning: RowFault) -> Bool {
    count += 1
    guard first.count < ImportWarnings.most else { return false }
    first.append(warning)
    return true
  }

  /// A line with the number of warnings that were not shown; nil if all were shown.
  var rest: String? { count > first.count ? "and \(count - first.count) more warnings" : nil }

  /// The warnings as members to append to a JSON object, each after a comma; empty without warnings.
  var json: String {
    guard count > 0 else { return "" }
    return ",\"warned\":\(count),\"warnings\":[\(first.map(\.json).joined(separator: ","))]"
  }
}
