import BahariClient

/// Parses `--where`: conditions such as `district_id=110101`, `name ~ muara`, `alt_name is null` and `id in (1,2)`,
/// joined by `and` and `or`, negated by `not`, and grouped by parentheses.
///
/// `and` binds closer than `or`. A value ends before the next `and` or `or`, or before a closing parenthesis whose
/// opening one is outside the value. A value in quotes may contain anything; a doubled quote in it is one quote.
struct WhereParser {
  /// Operators that begin with another operator come first, so that `<=` is not parsed as `<`.
  private static let operators: [(text: String, comparison: Comparison)] = [
    ("!=", .ne), ("<=", .lte), (">=", .gte), ("=", .eq), ("<", .lt), (">", .gt), ("~", .ilike),
  ]

  private let text: String
  private let characters: [Character]
  private var place = 0
  private var depth = 0
  /// The most nested levels that the parser accepts. The daemon accepts fewer, and its error has that number.
  private static let deepest = 32

  private init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  static func filter(_ text: String) throws -> Filter {
    var parser = WhereParser(text)
    let filter = try parser.any()
    guard parser.atEnd else { throw parser.failure("the condition should end here") }
    return filter
  }

  /// Parses conditions that must all hold and combines them into one filter; nil if there are no conditions.
  static func filter(all texts: [String]) throws -> Filter? {
    let filters = try texts.map(filter)
    return filters.count > 1 ? joined(filters) { .all(of: $0) } : filters.first
  }

  // MARK: Combined conditions

  private mutating func any() throws -> Filter {
    var parts = [try all()]
    while takeWord("or") { parts.append(try all()) }
    return parts.count > 1 ? .any(of: parts.flatMap { $0.any.isEmpty ? [$0] : $0.any }) : parts[0]
  }

  private mutating func all() throws -> Filter {
    var parts = [try single()]
    while takeWord("and") { parts.append(try single()) }
    return parts.count > 1 ? WhereParser.joined(parts) { .all(of: $0) } : parts[0]
  }

  /// Merges nested `and`s into one level, since the daemon limits the levels of a filter.
  private static func joined(_ parts: [Filter], _ make: ([Filter]) -> Filter) -> Filter {
    make(parts.flatMap { $0.all.isEmpty ? [$0] : $0.all })
  }

  private mutating func single() throws -> Filter {
    depth += 1
    defer { depth -= 1 }
    guard depth <= WhereParser.deepest else { throw failure("more than \(WhereParser.deepest) levels") }
    if takeWord("not") { return !(try single()) }
    guard take("(") else { return try condition() }
    let inner = try any()
    guard take(")") else { throw failure("a ) is missing") }
    return inner
  }

  // MARK: One condition

  private mutating func condition() throws -> Filter {
    skipBlanks()
    let start = place
    while place < characters.count, isPartOfName(characters[place]) { place += 1 }
    let column = String(characters[start..<place])
    guard !column.isEmpty else { throw failure("a column is missing") }
    for (sign, comparison) in WhereParser.operators where take(sign) {
      let value = try value()
      return .field(column, comparison, comparison == .ilike ? "%" + WhereParser.escaped(value) + "%" : value)
    }
    if takeWord("is") {
      let isNull = !takeWord("not")
      guard takeWord("null") else { throw failure("null or not null is missing") }
      return .field(column, .isNull, isNull)
    }
    if takeWord("between") {
      let least = try value()
      guard takeWord("and") else { throw failure("the and of between is missing") }
      return .field(column, .between, least, try value())
    }
    let isNot = takeWord("not")
    guard takeWord("in") else {
      place = start
      throw failure("an operator is missing behind \(column)")
    }
    let list = Filter.field(column, .in, values: try items())
    return isNot ? !list : list
  }

  /// Parses a list such as `(a, 'b,c')`.
  private mutating func items() throws -> [String] {
    guard take("(") else { throw failure("a list in parentheses is missing") }
    guard !take(")") else { throw failure("the list is empty") }
    var items: [String] = []
    repeat { items.append(try value(endsAtComma: true)) } while take(",")
    guard take(")") else { throw failure("a ) is missing") }
    return items
  }

  private mutating func value(endsAtComma: Bool = false) throws -> String {
    skipBlanks()
    if let quote = characters[place...].first, quote == "'" || quote == "\"" { return try quoted(quote) }
    let start = place
    var open = 0
    if nextJoins() { return "" }
    while place < characters.count {
      switch characters[place] {
      case "(": open += 1
      case ")" where open == 0: return characters[start..<place].trimmed
      case ")": open -= 1
      case "," where endsAtComma && open == 0: return characters[start..<place].trimmed
      case " ", "\t": if nextJoins() { return characters[start..<place].trimmed }
      default: break
      }
      place += 1
    }
    return characters[start..<place].trimmed
  }

  private mutating func quoted(_ quote: Character) throws -> String {
    let start = place
    place += 1
    var value = ""
    while place < characters.count {
      let character = characters[place]
      place += 1
      if character == quote {
        guard place < characters.count, characters[place] == quote else { return value }
        place += 1
      }
      value.append(character)
    }
    place = start
    throw failure("the quote has no end")
  }

  // MARK: Characters

  private var atEnd: Bool {
    mutating get {
      skipBlanks()
      return place == characters.count
    }
  }

  private mutating func skipBlanks() {
    while place < characters.count, characters[place] == " " || characters[place] == "\t" { place += 1 }
  }

  private func isPartOfName(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  /// If `sign` follows, possibly after blanks, moves past it and returns true.
  private mutating func take(_ sign: String) -> Bool {
    skipBlanks()
    guard characters[place...].starts(with: sign) else { return false }
    place += sign.count
    return true
  }

  /// If `word` follows as a whole word, in upper or lower case, moves past it and returns true.
  private mutating func takeWord(_ word: String) -> Bool {
    skipBlanks()
    let end = place + word.count
    guard end <= characters.count, String(characters[place..<end]).lowercased() == word,
      end == characters.count || !isPartOfName(characters[end])
    else { return false }
    place = end
    return true
  }

  /// Whether the next word is an `and` or an `or`.
  private func nextJoins() -> Bool {
    var ahead = self
    return ahead.takeWord("and") || ahead.takeWord("or")
  }

  /// Escapes the wildcards of LIKE.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if character == "%" || character == "_" || character == "\\" { result.append("\\") }
      result.append(character)
    }
    return result
  }

  private func failure(_ cause: String) -> Failure {
    let rest = String(characters[min(place, characters.count)...]).trimmed
    let spot = rest.isEmpty ? "at its end" : "at \"\(rest)\""
    return Failure(
      .invalidArgument,
      "--where \"\(text)\" cannot be parsed \(spot): \(cause). Write COLUMN=VALUE (or != < <= > >= and ~ for part of "
        + "a text), \"COLUMN is null\", \"COLUMN in (a,b)\" or \"COLUMN between a and b\", joined by and, or, not and "
        + "parentheses; put a value that contains any of these in quotes")
  }
}

extension ArraySlice<Character> {
  fileprivate var trimmed: String { String(self).trimmed }
}
