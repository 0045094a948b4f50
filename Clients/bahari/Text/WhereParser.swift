import BahariClient

/// Reads a condition such as `district_id=110101`, `name ~ muara`, `alt_name is null`, `id in (1,2)`.
enum WhereParser {
  /// Longest first, so that `<=` is not read as `<`.
  private static let operators: [(text: String, comparison: Comparison)] = [
    ("!=", .ne), ("<=", .lte), (">=", .gte), ("=", .eq), ("<", .lt), (">", .gt), ("~", .ilike),
  ]

  static func filter(_ text: String) throws -> Filter {
    let trimmed = text.trimmed
    let column = String(trimmed.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
    let rest = trimmed.dropFirst(column.count).trimmed
    guard !column.isEmpty else { throw fault(text) }
    for (sign, comparison) in operators where rest.hasPrefix(sign) {
      let value = unquoted(rest.dropFirst(sign.count).trimmed)
      return .field(column, comparison, comparison == .ilike ? "%" + escaped(value) + "%" : value)
    }
    let words = rest.lowercased().split(separator: " ").joined(separator: " ")
    if words == "is null" { return .field(column, .isNull, true) }
    if words == "is not null" { return .field(column, .isNull, false) }
    if words.hasPrefix("in"), case let list = rest.dropFirst(2).trimmed, list.hasPrefix("("), list.hasSuffix(")") {
      return .field(column, .in, values: try items(list.dropFirst().dropLast(), of: text))
    }
    throw fault(text)
  }

  /// The conditions together; nil when there are none.
  static func filter(all texts: [String]) throws -> Filter? {
    let filters = try texts.map(filter)
    return filters.count > 1 ? .all(of: filters) : filters.first
  }

  /// Commas separate; an item in quotes may hold commas.
  private static func items(_ list: Substring, of text: String) throws -> [String] {
    var items: [String] = []
    var item = ""
    var quote: Character?
    for character in list {
      if let open = quote {
        if character == open { quote = nil }
        item.append(character)
      } else if character == "," {
        items.append(unquoted(item.trimmed))
        item = ""
      } else {
        if character == "'" || character == "\"", item.trimmed.isEmpty { quote = character }
        item.append(character)
      }
    }
    guard quote == nil else { throw fault(text) }
    items.append(unquoted(item.trimmed))
    guard items != [""] || list.contains("'") || list.contains("\"") else { throw fault(text) }
    return items
  }

  private static func unquoted(_ text: String) -> String {
    guard text.count >= 2, let first = text.first, first == text.last, first == "'" || first == "\"" else {
      return text
    }
    return String(text.dropFirst().dropLast())
  }

  /// The wildcards of LIKE stand for themselves in a substring.
  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      if character == "%" || character == "_" || character == "\\" { result.append("\\") }
      result.append(character)
    }
    return result
  }

  private static func fault(_ text: String) -> Failure {
    Failure(
      .invalidArgument,
      "--where \"\(text)\" cannot be read: write COLUMN=VALUE (or != < <= > >= and ~ for a part of a text), "
        + "\"COLUMN is null\", \"COLUMN is not null\" or \"COLUMN in (a,b)\"")
  }
}
