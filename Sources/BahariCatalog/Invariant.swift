/// What must hold of a row beyond its columns' own limits. A write that breaks one is refused.
///
/// To add a rule of a kind that is here: a line in the table's literal. To add a kind: a case here, what it is in
/// SQL in `BahariService/Guard.swift`, and in words in `BahariService/CatalogText.swift`.
package enum Invariant: Sendable {
  /// The column's value is one of these.
  case oneOf(String, [String])
  /// The column's value is one of the keys, and an update goes from one to those named for it.
  case flow(String, [String: [String]])
  /// No column's value is behind that of the next.
  case ordered([String])
  /// The row that the first column refers to has the same value of the second as this one.
  case agrees(String, on: String)
  /// Following the column from row to row never leads back.
  case acyclic(String)
  /// The column holds a list of ids, which exist in these tables: each in that for its number of digits, 0 for any.
  case idsExist(String, in: [Int: String])
  /// No two rows have the same values in these columns. Rows that do already are left as they are.
  case oneRowPer([String])

  /// The values that the column may have, where the rule is about one column.
  package var allowed: (column: String, values: [String])? {
    switch self {
    case .oneOf(let column, let values): (column, values)
    case .flow(let column, let next): (column, next.keys.sorted())
    default: nil
    }
  }

  package var columns: [String] {
    switch self {
    case .oneOf(let column, _), .flow(let column, _), .acyclic(let column), .idsExist(let column, _): [column]
    case .ordered(let columns), .oneRowPer(let columns): columns
    case .agrees(let column, let other): [column, other]
    }
  }
}

/// A column that is computed where the caller does not give it: on create, and when one it depends on changes.
package struct Derived: Sendable {
  package let column: String
  package let sources: [String]
  /// In PostgreSQL's terms; columns stand in braces.
  package let expression: String

  package init(_ column: String, from sources: [String], _ expression: String) {
    (self.column, self.sources, self.expression) = (column, sources, expression)
  }
}

/// What a value usually looks like. One that does not is written all the same, and the reply says so.
package enum Hint: Sendable {
  /// A list that is open: others may come.
  case usually(String, [String])
  case between(String, ClosedRange<Double>)
  /// So many digits.
  case digits(String, Int)
  /// A civil servant's number: 18 digits that begin with the birth date and hold the sex (1 man, 2 woman).
  case nip(String)
  /// A citizen's number: 16 digits with the birth date inside, 40 added to the day for women.
  case nik(String)
  /// A mobile number of Indonesia.
  case phone(String)
  /// The rows that the columns refer to, and this one, usually have the same value of the shared column.
  case agrees([String], on: String)

  package var columns: [String] {
    switch self {
    case .usually(let column, _), .between(let column, _), .digits(let column, _), .nip(let column),
      .nik(let column), .phone(let column):
      [column]
    case .agrees(let columns, let shared): columns + [shared]
    }
  }
}
