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
    var bytes = Array(",\"warned\":\(count),\"warnings\":[".utf8)
    for (index, warning) in first.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes += "{\"line\":\(warning.line),\"column\":".utf8
      JSONText.string(warning.column, to: &bytes)
      bytes += ",\"description\":".utf8
      JSONText.string(warning.cause, to: &bytes)
      bytes.append(UInt8(ascii: "}"))
    }
    bytes.append(UInt8(ascii: "]"))
    return String(decoding: bytes, as: UTF8.self)
  }
}
