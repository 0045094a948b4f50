import BahariCatalog
import BahariPostgres

/// The texts of the statements that write one row.
///
/// A write checks its guards, computes derived values and logs its request in the one statement that writes the row, so
/// that it costs one round trip and can share a commit with other writes.
struct WriteSQL {
  private let resource: Resource
  private let shape: WriteShape

  init(_ resource: Resource, _ shape: WriteShape) {
    self.resource = resource
    self.shape = shape
  }

  private var isUpdate: Bool { shape.isUpdate }

  /// The statements of the write in order: the locks, then the insert; or the locks, the update, and a query that tells
  /// why the update changed nothing.
  var statements: [Statement] {
    let locking = guards.filter { $0.lock != .none }
    guard case .update(let hasVersion) = shape.kind else {
      return locking.map { Statement($0.lockStatement(resource.table.name, new), types) } + [insert]
    }
    return locking.map { lock($0, hasVersion) } + [update(hasVersion), updateRefusal(hasVersion)]
  }

  /// Locks the row, and then takes the guard's lock on the values that the row will have: those not given are the row's
  /// own, which nobody else can change once the row is locked.
  private func lock(_ check: Guard, _ hasVersion: Bool) -> Statement {
    let row = "SELECT t.* FROM \(resource.qualified) AS t WHERE \(key) FOR NO KEY UPDATE"
    return Statement(
      "\(check.lockStatement(resource.table.name, new)) FROM (\(row)) AS t", keyedTypes(hasVersion))
  }

  // MARK: Values

  /// SQL for the value of a column in the new row.
  private func new(_ column: String) -> String {
    if let place = shape.given.firstIndex(where: { resource.columns[$0].name == column }) { return "$\(place + 1)" }
    if isUpdate { return old(column) }
    guard let live = resource.live.column(column) else { return "NULL" }
    guard let value = live.defaultValue, !live.isSerial else { return "NULL::\(live.typeName)" }
    return "(\(value))"
  }

  private func old(_ column: String) -> String { "t.\(SQL.quote(column))" }

  private func isGiven(_ column: String) -> Bool { shape.given.contains { resource.columns[$0].name == column } }

  /// The derived columns that this write computes: columns that the caller left out while giving one that they depend
  /// on.
  private var derived: [Derived] {
    resource.table.derived.filter { $0.isDue(isGiven) }
  }

  // MARK: Guards

  /// The guards that this write has to pass, in the order of their results in `refusal`.
  var guards: [Guard] {
    let own = resource.guards.filter { check in
      guard check.columns.contains(where: isGiven), isUpdate || check.bindsNewRows else { return false }
      guard shape.isLarge || !check.isForLargeRows else { return false }
      return !(shape.forcesState && check.error == .wrongState)
    }
    return (shape.requiredNull.map { [Guard.requiredNull($0)] } ?? []) + own
  }

  /// SQL that is true if the guard passes. An update that leaves the guard's columns unchanged passes, unless the guard
  /// has `bindsUnchanged`.
  private func condition(_ check: Guard) -> String {
    let condition = check.passes(new, old)
    guard isUpdate, !check.bindsUnchanged else { return condition }
    let (news, olds) = (check.columns.map(new), check.columns.map(old))
    let unchanged =
      "ROW(\(news.joined(separator: ", "))) IS NOT DISTINCT FROM ROW(\(olds.joined(separator: ", ")))"
    return "(\(unchanged) OR \(condition))"
  }

  // MARK: Statements

  private var types: [UInt32] { shape.given.map { resource.columns[$0].type.rawValue } }

  private var insert: Statement {
    let columns = shape.given.map { resource.columns[$0].quoted } + derived.map { SQL.quote($0.column) }
    let values = shape.given.indices.map { "$\($0 + 1)" } + derived.map { $0.text(new) }
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
    return RequestLog.returning(
      "INSERT INTO \(resource.qualified) AS t \(body)", types, resource, shape.loggedMethod)
  }

  /// The update; its parameters are the columns' values, the key, the version if there is one, and those of the log
  /// entry.
  private func update(_ hasVersion: Bool) -> Statement {
    var sets = shape.given.enumerated().map { "\(resource.columns[$1].quoted) = $\($0 + 1)" }
    sets += derived.map { $0.change(new, old) }
    if resource.live.column("updated_at") != nil { sets.append("\"updated_at\" = now()") }
    let conditions = ([key] + (hasVersion ? [version] : []) + guards.map(condition)).joined(separator: " AND ")
    return RequestLog.returning(
      "UPDATE \(resource.qualified) AS t SET \(sets.joined(separator: ", ")) WHERE \(conditions)",
      keyedTypes(hasVersion), resource, shape.loggedMethod)
  }

  private var key: String { "\(resource.key.subject) = $\(shape.given.count + 1)" }
  private var version: String { "t.xmin::text = $\(shape.given.count + 2)" }

  private func keyedTypes(_ hasVersion: Bool) -> [UInt32] {
    types + [resource.key.type.rawValue] + (hasVersion ? [PostgresType.text.rawValue] : [])
  }

  /// A query that tells why an insert made no row: it returns whether each guard passes.
  var refusal: Statement { Statement("SELECT " + guards.map(condition).joined(separator: ", "), types) }

  /// A query that tells why an update changed no row: it returns no row if the row does not exist, and else whether the
  /// version matches and whether each guard passes.
  private func updateRefusal(_ hasVersion: Bool) -> Statement {
    let conditions = [hasVersion ? version : "true"] + guards.map(condition)
    return Statement(
      "SELECT \(conditions.joined(separator: ", ")) FROM \(resource.qualified) AS t WHERE \(key)",
      keyedTypes(hasVersion))
  }
}

extension Derived {
  /// Whether a write computes this derived column: the column is not given, and one that it depends on is.
  func isDue(_ isGiven: (String) -> Bool) -> Bool { !isGiven(column) && sources.contains(where: isGiven) }

  /// The assignment to the derived column in an update: it is computed again if a column that it depends on changes.
  func change(_ new: ColumnSQL, _ old: ColumnSQL) -> String {
    let (news, olds) = (sources.map(new).joined(separator: ", "), sources.map(old).joined(separator: ", "))
    return "\(SQL.quote(column)) = CASE WHEN ROW(\(news)) IS DISTINCT FROM ROW(\(olds)) THEN \(text(new)) "
      + "ELSE \(old(column)) END"
  }

  /// SQL for the derived value, in which `column` gives the SQL of each column that it depends on.
  func text(_ column: ColumnSQL) -> String {
    sources.reduce(expression) { $0.replacing("{\($1)}", with: column($1)) }
  }
}
