import BahariCatalog
import BahariPostgres

/// The text of statements that write one row. Each depends on which columns are given, never on values.
///
/// A write checks its invariants, computes what is derived and notes its request in the one statement that makes the
/// row, so that it costs one round trip and can share a commit with others.
struct WriteSQL {
  let resource: Resource
  /// Places of the columns that are given; their parameters come first, in this order.
  let given: [Int]
  /// Whether a row is changed, not made.
  let isUpdate: Bool
  /// The method's name where the request is to be noted, so that repeating it has no second effect.
  let loggedMethod: String?
  /// Whether a state may go where no step leads.
  var forcesState = false
  /// What must hold beside the table's own rules, also where nothing changes.
  var demands: [Guard] = []

  // MARK: Values

  /// How the new row's value of a column is written.
  func new(_ column: String) -> String {
    if let place = given.firstIndex(where: { resource.columns[$0].name == column }) { return "$\(place + 1)" }
    if isUpdate { return old(column) }
    guard let live = resource.live.column(column) else { return "NULL" }
    guard let value = live.defaultValue, !live.isSerial else { return "NULL::\(live.typeName)" }
    return "(\(value))"
  }

  func old(_ column: String) -> String { "t.\(SQL.quote(column))" }

  private func isGiven(_ column: String) -> Bool { given.contains { resource.columns[$0].name == column } }

  /// What is computed since the caller left it out and gave something it depends on.
  private var derived: [Derived] {
    resource.table.derived.filter { $0.isDue(isGiven) }
  }

  // MARK: Guards

  /// The guards that this write has to pass.
  var guards: [Guard] {
    let own = resource.guards.filter { check in
      guard check.columns.contains(where: isGiven), isUpdate || check.bindsNewRows else { return false }
      return !(forcesState && check.error == .wrongState)
    }
    return demands + own
  }

  /// True or NULL where the guard lets the write pass: an update that leaves its columns as they are always does.
  private func condition(_ check: Guard) -> String {
    let condition = check.word(new, old)
    guard isUpdate, !check.bindsUnchanged else { return condition }
    let (news, olds) = (check.columns.map(new), check.columns.map(old))
    let unchanged =
      "ROW(\(news.joined(separator: ", "))) IS NOT DISTINCT FROM ROW(\(olds.joined(separator: ", ")))"
    return "(\(unchanged) OR \(condition))"
  }

  /// Advisory locks to take before; they come with parameters of their own, the given columns'.
  var locks: [String] {
    guards.filter { $0.takesLock(isGiven) }
      .map { $0.lockStatement(resource.table.name, new) }
  }

  // MARK: Statements

  private var types: [UInt32] { given.map { resource.columns[$0].type.rawValue } }

  func insert() -> Statement {
    let columns = given.map { resource.columns[$0].quoted } + derived.map { SQL.quote($0.column) }
    let values = given.indices.map { "$\($0 + 1)" } + derived.map { $0.text(new) }
    let conditions = guards.map(condition)
    let body: String
    if columns.isEmpty {
      body = "DEFAULT VALUES"
    } else if conditions.isEmpty {
      body = "(\(columns.joined(separator: ", "))) VALUES (\(values.joined(separator: ", ")))"
    } else {
      body =
        "(\(columns.joined(separator: ", "))) SELECT \(values.joined(separator: ", ")) "
        + "WHERE \(conditions.joined(separator: " AND "))"
    }
    return returning("INSERT INTO \(resource.qualified) AS t \(body)", types)
  }

  /// Parameters: the columns' values, the key, then the version when there is one, then the request's.
  func update(hasVersion: Bool) -> Statement {
    var sets = given.enumerated().map { "\(resource.columns[$1].quoted) = $\($0 + 1)" }
    sets += derived.map { $0.change(new, old) }
    if resource.live.column("updated_at") != nil { sets.append("\"updated_at\" = now()") }
    let conditions = ([key] + (hasVersion ? [version] : []) + guards.map(condition)).joined(separator: " AND ")
    return returning(
      "UPDATE \(resource.qualified) AS t SET \(sets.joined(separator: ", ")) WHERE \(conditions)",
      keyedTypes(hasVersion))
  }

  private var key: String { "t.\(resource.key.quoted) = $\(given.count + 1)" }
  private var version: String { "t.xmin::text = $\(given.count + 2)" }

  private func keyedTypes(_ hasVersion: Bool) -> [UInt32] {
    types + [resource.key.type.rawValue] + (hasVersion ? [PostgresType.text.rawValue] : [])
  }

  /// Why an insert made no row: each guard's word.
  func diagnosis() -> Statement {
    Statement("SELECT " + guards.map(condition).joined(separator: ", "), types)
  }

  /// Why an update changed no row: no row if there is none, then whether the version is right and each guard's word.
  func updateDiagnosis(hasVersion: Bool) -> Statement {
    let words = [hasVersion ? version : "true"] + guards.map(condition)
    return Statement(
      "SELECT \(words.joined(separator: ", ")) FROM \(resource.qualified) AS t WHERE \(key)", keyedTypes(hasVersion))
  }

  func lock(_ text: String) -> Statement { Statement(text, types) }

  // MARK: What comes back

  /// Ends a statement with the row it wrote, the word of each hint that needs PostgreSQL, and the request's note.
  func returning(_ text: String, _ types: [UInt32]) -> Statement {
    let body = "\(text) RETURNING \(resource.plain.list)"
    guard loggedMethod != nil || !resource.relatedHints.isEmpty else { return Statement(body, types) }
    let names = resource.plain.outputs.indices.map { "c\($0)" }
    let row = { (column: String) -> String in
      resource.plain.outputs.firstIndex { $0.name == column }.map { "w.c\($0)" } ?? "NULL"
    }
    let hints = resource.relatedHints.map { ", (\($0.condition(row))) IS NOT FALSE" }.joined()
    let written = "WITH w (\(names.joined(separator: ", "))) AS (\(body))"
    guard let loggedMethod else { return Statement("\(written) SELECT w.*\(hints) FROM w", types) }
    let note = RequestLog.note(resource, loggedMethod, names.map { "w.\($0)::text" }, firstParameter: types.count + 1)
    return Statement("\(written), l AS (\(note)) SELECT w.*\(hints) FROM w", types + RequestLog.types)
  }
}

extension Derived {
  /// Whether it is to be computed: left out, while something it depends on is given.
  func isDue(_ isGiven: (String) -> Bool) -> Bool { !isGiven(column) && sources.contains(where: isGiven) }

  /// Its assignment in an update, which computes it where something it depends on changes.
  func change(_ new: ColumnSQL, _ old: ColumnSQL) -> String {
    let (news, olds) = (sources.map(new).joined(separator: ", "), sources.map(old).joined(separator: ", "))
    return "\(SQL.quote(column)) = CASE WHEN ROW(\(news)) IS DISTINCT FROM ROW(\(olds)) THEN \(text(new)) "
      + "ELSE \(old(column)) END"
  }

  /// The expression with each column written as `column` says.
  func text(_ column: ColumnSQL) -> String {
    sources.reduce(expression) { $0.replacing("{\($1)}", with: column($1)) }
  }
}
