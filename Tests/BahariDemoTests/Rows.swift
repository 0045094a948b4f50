@testable import BahariDemo

/// The rows of seed 1, made once.
enum Demo {
  static let tables = rows(seed: 1)

  /// A table's rows by its name.
  static func rows(seed: UInt64) -> [String: [Row]] {
    var tables: [String: [Row]] = [:]
    for table in Country(seed: seed).tables {
      var rows: [Row] = []
      rows.reserveCapacity(table.count)
      let places = Dictionary(uniqueKeysWithValues: table.columns.enumerated().map { ($1, $0) })
      try? table.forEach { rows.append(Row(places: places, values: $0)) }
      tables[table.name] = rows
    }
    return tables
  }

  static subscript(_ table: String) -> [Row] { tables[table] ?? [] }

  /// The rows of a table by their ids.
  static func byID(_ table: String) -> [Int: Row] {
    Dictionary(uniqueKeysWithValues: Demo[table].map { ($0.int("id"), $0) })
  }
}

/// A row as PostgreSQL would read it.
struct Row: Sendable {
  let places: [String: Int]
  let values: [String?]

  /// Nil for NULL, and for a column that the row lacks.
  subscript(_ column: String) -> String? { places[column].flatMap { values[$0] } }

  func text(_ column: String) -> String { self[column] ?? "" }

  /// -1 where there is no number.
  func int(_ column: String) -> Int { self[column].flatMap(Int.init) ?? -1 }

  /// A decimal number times a hundred; -1 where it has more than two decimals or is none.
  func hundredths(_ column: String) -> Int {
    let parts = text(column).split(separator: ".", omittingEmptySubsequences: false)
    guard let first = parts.first, let whole = Int(first), parts.count < 3 else { return -1 }
    guard parts.count == 2 else { return whole * 100 }
    guard parts[1].utf8.count == 2, let part = Int(parts[1]) else { return -1 }
    return whole * 100 + part
  }

  /// A JSON array of numbers; nil where it is none.
  func ids(_ column: String) -> [Int]? {
    let text = text(column)
    guard text.hasPrefix("["), text.hasSuffix("]") else { return nil }
    let parts = text.dropFirst().dropLast().split(separator: ",", omittingEmptySubsequences: false)
    let ids = parts.compactMap { Int($0) }
    return ids.count == parts.count ? ids : nil
  }
}
