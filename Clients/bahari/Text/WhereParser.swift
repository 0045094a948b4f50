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
  /// Unicode's scalars and not Characters: a quote or an operator is one also before or behind a scalar that would join
  /// it to one Character, such as a combining mark.
  private let scalars: [Unicode.Scalar]
  private var place = 0
  private var depth = 0
  /// The most nested levels that the parser accepts. The daemon accepts fewer, and its error has that number.
  private static let deepest = 32

  private init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
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
    while place < scalars.count, isPartOfName(scalars[place]) { place += 1 }
    let column = scalars[start..<place].text
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
    if let quote = scalars[place...].first, quote == "'" || quote == "\"" { return try quoted(quote) }
    let start = place
    var open = 0
    if nextJoins() { return "" }
    while place < scalars.count {
      switch scalars[place] {
      case "(": open += 1
      case ")" where open == 0: return scalars[start..<place].trimmed
      case ")": open -= 1
      case "," where endsAtComma && open == 0: return scalars[start..<place].trimmed
      case " ", "\t": if nextJoins() { return scalars[start..<place].trimmed }
      default: break
      }
      place += 1
    }
    return scalars[start..<place].trimmed
  }

  private mutating func quoted(_ quote: Unicode.Scalar) throws -> String {
    let start = place
    place += 1
    var value: [Unicode.Scalar] = []
    while place < scalars.count {
      let scalar = scalars[place]
      place += 1
      if scalar == quote {
        guard place < scalars.count, scalars[place] == quote else { return value[...].text }
        place += 1
      }
      value.append(scalar)
    }
    place = start
    throw failure("the quote has no end")
  }

  // MARK: Scalars

  private var atEnd: Bool {
    mutating get {
      skipBlanks()
      return place == scalars.count
    }
  }

  private mutating func skipBlanks() {
    while place < scalars.count, scalars[place] == " " || scalars[place] == "\t" { place += 1 }
  }

  private func isPartOfName(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
  }

  /// If `sign` follows, possibly after blanks, moves past it and returns true.
  private mutating func take(_ sign: String) -> Bool {
    skipBlanks()
    guard scalars[place...].starts(with: sign.unicodeScalars) else { return false }
    place += sign.unicodeScalars.count
    return true
  }

  /// If `word` follows as a whole word, in upper or lower case, moves past it and returns true.
  private mutating func takeWord(_ word: String) -> Bool {
    skipBlanks()
    let end = place + word.unicodeScalars.count
    guard end <= scalars.count, scalars[place..<end].text.lowercased() == word,
      end == scalars.count || !isPartOfName(scalars[end])
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
    var result: [Unicode.Scalar] = []
    for scalar in text.unicodeScalars {
      if scalar == "%" || scalar == "_" || scalar == "\\" { result.append("\\") }
      result.append(scalar)
    }
    return result[...].text
  }

  private func failure(_ cause: String) -> Failure {
    let rest = scalars[min(place, scalars.count)...].trimmed
    let spot = rest.isEmpty ? "at its end" : "at \"\(rest)\""
    return Failure(
      .invalidArgument,
      "--where \"\(text)\" cannot be parsed \(spot): \(cause). Write COLUMN=VALUE (or != < <= > >= and ~ for part of "
        + "a text), \"COLUMN is null\", \"COLUMN in (a,b)\" or \"COLUMN between a and b\", joined by and, or, not and "
        + "parentheses; put a value that contains any of these in quotes")
  }
}

extension ArraySlice<Unicode.Scalar> {
  fileprivate var text: String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: self)
    return String(view)
  }

  /// The text without spaces and tabs at its start and end.
  fileprivate var trimmed: String {
    let isBlank = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" }
    return ArraySlice(drop(while: isBlank).reversed().drop(while: isBlank).reversed()).text
  }
}
