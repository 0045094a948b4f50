import BahariPostgres

@testable import BahariService

/// Whether a statement consists of nothing but what the service writes itself: its keywords and numbers, quoted names
/// of the catalog, and parameters. A caller's text must never be in it.
struct SQLCheck {
  private let sql: Substring.UTF8View
  private var rest: Substring.UTF8View
  /// The parameters that the statement uses.
  private(set) var used: Set<Int> = []

  private static let words: Set<String> = [
    "SELECT", "FROM", "WHERE", "AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "ILIKE", "BETWEEN", "UNION", "ALL", "AS",
    "JOIN", "LEFT", "ON", "ORDER", "BY", "DESC", "NULLS", "LAST", "LIMIT", "OFFSET", "DECLARE", "NO", "SCROLL",
    "CURSOR", "FOR", "EXPLAIN", "FORMAT", "JSON", "coalesce", "false", "count", "power", "sin", "cos", "asin", "sqrt",
    "radians", "least", "float8", "public", "xmin", "t", "s",
  ]
  private static let numbers: Set<String> = ["0", "1", "2", "90", "180", "\(PositionSQL.earthRadiusKm)"]
  private static let signs = Set("()*+-/=<>,.: ".utf8)

  init(_ statement: Statement) throws {
    sql = Substring(statement.sql).utf8
    rest = sql
    while let first = rest.first { try token(first, statement) }
    let last = statement.parameterTypes.count
    try hold(used.allSatisfy { (1...max(last, 1)).contains($0) }, "\(statement.sql) has parameters without a type")
  }

  private mutating func token(_ first: UInt8, _ statement: Statement) throws {
    switch first {
    case UInt8(ascii: "\""):
      rest = rest.dropFirst()
      let name = take { $0 != UInt8(ascii: "\"") }
      rest = rest.dropFirst()
      try hold(InventedSchema.identifiers.contains(name), "\(statement.sql) quotes \(name)")
    case UInt8(ascii: "$"):
      rest = rest.dropFirst()
      let number = take(while: SQLCheck.isDigit)
      guard let place = Int(number) else { throw Broken(description: "\(statement.sql) has a $ without a number") }
      used.insert(place)
    case _ where SQLCheck.isDigit(first):
      let number = take { SQLCheck.isDigit($0) || $0 == UInt8(ascii: ".") }
      let isPlace = Int(number).map { (1...200).contains($0) } ?? false
      try hold(SQLCheck.numbers.contains(number) || isPlace, "\(statement.sql) has the number \(number)")
    case _ where SQLCheck.isLetter(first):
      let word = take { SQLCheck.isLetter($0) || SQLCheck.isDigit($0) }
      // Tables that are joined have a letter and a number as their alias.
      let isAlias = ["j", "s"].contains(word.prefix(1)) && Int(word.dropFirst()) != nil
      try hold(SQLCheck.words.contains(word) || isAlias, "\(statement.sql) has the word \(word)")
    default:
      try hold(SQLCheck.signs.contains(first), "\(statement.sql) has the byte \(first)")
      rest = rest.dropFirst()
    }
  }

  private mutating func take(while isPart: (UInt8) -> Bool) -> String {
    let taken = rest.prefix(while: isPart)
    rest = rest.dropFirst(taken.count)
    return String(Substring(taken))
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }
}
