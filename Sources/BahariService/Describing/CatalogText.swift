import BahariCatalog

/// English sentences that describe a table's rules in the reply of DescriptorService/Get. They are made from the
/// catalog: one kind of sentence for each kind of rule.
extension Resource {
  /// Sentences for the rules whose violation is refused. Limits and lists of values are missing here, because the reply
  /// has them at each column.
  var rules: [String] {
    let uniques = live.uniques.filter { $0.columns.count > 1 }.map {
      "No two rows have the same \(CatalogText.list($0.columns))."
    }
    return uniques + table.invariants.compactMap(sentence)
  }

  /// Sentences for the columns that the server computes when the caller gives no value.
  var computed: [String] { table.derived.map(\.sentence) }

  /// Sentences for the hints: a value that differs from the usual ones is accepted with a warning.
  var hints: [String] { table.hints.map(\.sentence) }

  private func sentence(_ invariant: Invariant) -> String? {
    switch invariant {
    case .oneOf:
      // The reply lists the allowed values at the column, so no sentence is needed.
      return nil
    case .flow(let column, let next): return CatalogText.flow(column, next)
    case .ordered(let columns):
      let pairs = zip(columns, columns.dropFirst()).map { "\($1) is not before \($0)" }
      return "\(CatalogText.list(pairs)), where both are given."
    case .agrees(let column, let shared):
      return "The row of \(target(of: column)) that \(column) refers to has the same \(shared) as this one."
    case .acyclic(let column):
      return "Following \(column) from row to row never leads back: no row is its own ancestor."
    case .idsExist(let column, let tables):
      if let table = tables[0] { return "The ids in \(column) exist in \(table)." }
      let parts = tables.sorted { $0.key < $1.key }.map { "those of \($0.key) digits in \($0.value)" }
      return "The ids in \(column) exist: \(CatalogText.list(parts)); others are refused."
    case .oneRowPer(let columns): return "There is at most one row for each \(CatalogText.list(columns))."
    }
  }
}

extension Derived {
  fileprivate var sentence: String {
    let text = expression.filter { $0 != "{" && $0 != "}" }
    return "\(column) is computed where it is left out, on create and when \(CatalogText.list(sources, "or")) changes: "
      + "\(text)."
  }
}

extension Hint {
  fileprivate var sentence: String {
    switch self {
    case .usually(let column, let values): "\(column) is usually \(CatalogText.list(values, "or"))."
    case .between(let column, let range):
      "\(column) is usually between \(Int(range.lowerBound)) and \(Int(range.upperBound))."
    case .digits(let column, let count): "\(column) usually has \(count) digits."
    case .nip(let column): "\(column) is usually a NIP: 18 digits, birth date first, then sex."
    case .nik(let column): "\(column) is usually a NIK: 16 digits with the birth date inside, 40 more days for women."
    case .phone(let column): "\(column) is usually a mobile number such as 081234567890."
    case .agrees(let columns, let shared) where columns.count == 1:
      "The row that \(columns[0]) refers to usually has the same \(shared) as this one."
    case .agrees(let columns, let shared):
      "The rows that \(CatalogText.list(columns)) refer to usually have the same \(shared) as this one."
    }
  }
}

/// Functions that build English sentences.
enum CatalogText {
  /// Joins words as in a sentence: "a", "a and b", "a, b and c".
  static func list(_ words: [String], _ conjunction: String = "and") -> String {
    guard words.count > 1, let last = words.last else { return words.first ?? "" }
    return "\(words.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
  }

  static func flow(_ column: String, _ next: [String: [String]]) -> String {
    let sorted = next.sorted { $0.key < $1.key }
    let steps = sorted.filter { !$0.value.isEmpty }.map { "from \($0.key) to \(list($0.value, "or"))" }
    let ends = sorted.filter(\.value.isEmpty).map(\.key)
    let end = ends.isEmpty ? "" : "; \(list(ends)) \(ends.count == 1 ? "stays" : "stay")"
    return "An update takes \(column) \(list(steps))\(end)."
  }
}
