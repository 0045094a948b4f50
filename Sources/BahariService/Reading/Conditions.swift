import BahariFrame
import BahariMessage
import BahariPostgres

/// A WHERE clause that is being built: its terms as SQL text, and the parameters bound in them.
struct Conditions {
  var terms: [String] = []
  private(set) var parameters = Parameters()
  private(set) var types: [UInt32] = []
  private var comparisons = 0

  /// " WHERE …" with all terms joined by AND; empty without terms.
  var clause: String { terms.isEmpty ? "" : " WHERE " + terms.joined(separator: " AND ") }

  /// Binds a value and returns the parameter's name, such as $3.
  mutating func bind(_ type: UInt32, _ add: (inout Parameters) -> Void) -> String {
    add(&parameters)
    types.append(type)
    return "$\(types.count)"
  }

  // MARK: Search

  /// Adds the condition that a row contains `text` in one of the table's search columns, ignoring case. % and _ in
  /// `text` match only themselves.
  mutating func search(_ text: String, _ resource: Resource) throws(Status) {
    guard !text.isEmpty else { return }
    guard !resource.table.search.isEmpty else {
      throw .malformed("\(resource.table.name) has no columns to search", field: "search")
    }
    guard text.count <= CallLimits.searchCharacters else {
      throw .malformed(
        "has \(text.count) characters and may have \(CallLimits.searchCharacters)", field: "search",
        reason: "TOO_LONG")
    }
    let pattern = "%" + Conditions.escaped(text) + "%"
    let name = bind(PostgresType.text.rawValue) { $0.add(text: pattern) }
    terms.append(resource.search.condition(name))
  }

  /// `text` with its wildcards escaped, so that LIKE matches it literally.
  ///
  /// Goes by bytes, as PostgreSQL does. In Swift a % before a combining mark is one Character with it, and equals no %.
  static func escaped(_ text: String) -> String {
    let backslash = UInt8(ascii: "\\")
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte == backslash || byte == UInt8(ascii: "%") || byte == UInt8(ascii: "_") { bytes.append(backslash) }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Filter

  mutating func filter(_ filter: Message, _ fields: FilterFields, _ resource: Resource) throws(Status) {
    terms.append(try condition(filter, fields, resource, path: "filter", depth: 1))
  }

  private mutating func condition(
    _ filter: Message, _ fields: FilterFields, _ resource: Resource, path: String, depth: Int
  ) throws(Status) -> String {
    guard depth <= CallLimits.filterDepth else {
      throw .malformed("nests deeper than \(CallLimits.filterDepth)", field: "filter", reason: "TOO_DEEP")
    }
    let isComparison = filter.has(fields.field) || filter.has(fields.operator) || filter.has(fields.values)
    let forms = [isComparison, filter.has(fields.all), filter.has(fields.any), filter.has(fields.not)].count { $0 }
    guard forms == 1 else {
      throw .malformed("must be exactly one of a comparison, all, any and not", field: path)
    }
    if isComparison { return try comparison(filter, fields, resource, path: path) }
    if let inner = filter.message(fields.not) {
      return "NOT coalesce(\(try condition(inner, fields, resource, path: "\(path).not", depth: depth + 1)), false)"
    }
    let (list, name, conjunction) =
      filter.has(fields.all)
      ? (filter.messages(fields.all), "all", " AND ") : (filter.messages(fields.any), "any", " OR ")
    var parts: [String] = []
    for (index, inner) in list.enumerated() {
      parts.append(try condition(inner, fields, resource, path: "\(path).\(name)[\(index)]", depth: depth + 1))
    }
    return "(" + parts.joined(separator: conjunction) + ")"
  }

  private mutating func comparison(
    _ filter: Message, _ fields: FilterFields, _ resource: Resource, path: String
  ) throws(Status) -> String {
    comparisons += 1
    guard comparisons <= CallLimits.filterComparisons else {
      throw .malformed(
        "holds more than \(CallLimits.filterComparisons) comparisons", field: "filter", reason: "TOO_LARGE")
    }
    let name = filter.string(fields.field) ?? ""
    guard let column = resource.column(name) else {
      throw .malformed(
        "\(resource.table.name) has no column \(name.echo) to filter by; it has \(resource.columnNames)",
        field: "\(path).field", reason: FieldViolation.unknownReason)
    }
    let given = filter.string(fields.operator) ?? ""
    guard let comparison = Comparison(rawValue: given) else {
      let known = Comparison.allCases.map(\.rawValue).joined(separator: " ")
      throw .malformed(
        "\(given.echo) is no operator; there are \(known)", field: "\(path).operator",
        reason: "UNKNOWN_OPERATOR")
    }
    let values = filter.strings(fields.values)
    guard comparison.accepts(values.count) else {
      throw .malformed("\(given) takes \(comparison.takes), not \(values.count)", field: "\(path).values")
    }
    return try text(comparison, column, values, path: path)
  }

  private mutating func text(
    _ comparison: Comparison, _ column: Column, _ texts: [String], path: String
  ) throws(Status) -> String {
    let subject = column.subject
    switch comparison {
    case .isNull:
      guard let wanted = Bool(texts[0]) else {
        throw .malformed("is_null takes true or false", field: "\(path).values")
      }
      return wanted ? "\(subject) IS NULL" : "\(subject) IS NOT NULL"
    case .like, .ilike:
      guard column.type == .text || column.type == .varchar else {
        throw .malformed(
          "\(comparison.rawValue) is for texts, and \(column.name) is \(column.live.typeName)", field: path)
      }
      // PostgreSQL would refuse this pattern with an SQLSTATE that reaches the caller as an internal error, so it is
      // refused here.
      guard texts[0].utf8.reversed().prefix(while: { $0 == UInt8(ascii: "\\") }).count.isMultiple(of: 2) else {
        throw .malformed("the pattern ends with a backslash that escapes nothing", field: "\(path).values")
      }
      let pattern = bind(PostgresType.text.rawValue) { $0.add(text: texts[0]) }
      return "\(subject) \(comparison == .like ? "LIKE" : "ILIKE") \(pattern)"
    case .in:
      var names: [String] = []
      for value in try values(texts, column, path) { names.append(bindOne(value, column)) }
      return "\(subject) IN (\(names.joined(separator: ", ")))"
    case .between:
      let bounds = try values(texts, column, path).map { bindOne($0, column) }
      return "\(subject) BETWEEN \(bounds[0]) AND \(bounds[1])"
    case .eq, .ne, .gt, .gte, .lt, .lte:
      let value = try values(texts, column, path)[0]
      return "\(subject) \(comparison.symbol) \(bindOne(value, column))"
    }
  }

  private mutating func bindOne(_ value: Value, _ column: Column) -> String {
    bind(column.type.rawValue) { value.add(to: &$0) }
  }

  private func values(_ texts: [String], _ column: Column, _ path: String) throws(Status) -> [Value] {
    var values: [Value] = []
    for text in texts {
      switch Validation.value(of: column, from: text) {
      case .success(let value): values.append(value)
      case .failure(let violation):
        throw .invalid([.wrong("\(path).values", violation.reason, "for \(column.name) \(violation.description)")])
      }
    }
    return values
  }
}
