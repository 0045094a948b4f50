import BahariCatalog
import BahariPostgres

/// The texts of the statements that write and check rows of a batch. Except for `lockRows`, `check` and
/// `existing`, their parameters are one array per column that the rows give.
struct BatchSQL {
  private let resource: Resource
  private let shape: BatchShape

  init(_ resource: Resource, _ shape: BatchShape) {
    self.resource = resource
    self.shape = shape
  }

  var statements: [Statement] {
    switch shape.action {
    case .lockRows: [lockRows]
    case .lock: locks
    case .upsert: [upsert]
    case .update: [update]
    case .check: [check]
    case .existing: [existing]
    }
  }

  /// The element type with which a column's array is sent. Arrays are sent in binary; values that Bahari holds as text
  /// are sent as an array of text and cast in SQL.
  static func transport(_ type: PostgresType) -> PostgresType {
    switch type {
    case .int4, .int8, .float8, .bool, .text, .timestamp: type
    case .varchar, .numeric, .date, .xid: .text
    }
  }

  private var types: [UInt32] {
    shape.present.map { BatchSQL.transport(resource.columns[$0].type).arrayOID }
  }

  private var arrays: String {
    let names = shape.present.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    let aliases = shape.present.indices.map { "c\($0)" }.joined(separator: ", ")
    return "unnest(\(names)) AS u (\(aliases))"
  }

  private func has(_ column: String, _ places: [Int]) -> Bool {
    places.contains { resource.columns[$0].name == column }
  }

  /// SQL for a column's value in the rows of the batch; nil if the rows do not give the column.
  private func given(_ column: String) -> String? {
    guard let place = shape.present.firstIndex(where: { resource.columns[$0].name == column }) else { return nil }
    return "u.c\(place)::\(resource.columns[shape.present[place]].live.typeName)"
  }

  /// Assignments to the derived columns that depend on columns to change; `new` gives the SQL of a column's new value.
  private func derivedChanges(_ new: ColumnSQL) -> [String] {
    resource.table.derived.filter { $0.isDue { has($0, shape.sets) } }
      .map { $0.change(new) { "t.\(SQL.quote($0))" } }
  }

  private var updatedAt: [String] { resource.live.column("updated_at") == nil ? [] : ["\"updated_at\" = now()"] }

  /// A RETURNING clause with, for each written row, whether it was inserted, its id, and its natural key.
  private func returning(_ isNew: String) -> String {
    " RETURNING \(isNew), \(resource.key.subject), \(resource.naturalKey.subject)"
  }

  private var upsert: Statement {
    let columns = shape.present.map { resource.columns[$0] }
    let computed = resource.table.derived.filter { $0.isDue { has($0, shape.present) } }
    let new = { given($0) ?? "NULL::\(resource.live.column($0)?.typeName ?? "text")" }
    let names = columns.map(\.quoted) + computed.map { SQL.quote($0.column) }
    let values = columns.map { new($0.name) } + computed.map { $0.text(new) }
    let sets = shape.sets.map { resource.columns[$0].quoted }
    let changes =
      sets.map { "\($0) = EXCLUDED.\($0)" }
      + derivedChanges { has($0, shape.sets) ? "EXCLUDED.\(SQL.quote($0))" : "t.\(SQL.quote($0))" } + updatedAt
    let differs = sets.map { "t.\($0) IS DISTINCT FROM EXCLUDED.\($0)" }.joined(separator: " OR ")
    let action = sets.isEmpty ? "DO NOTHING" : "DO UPDATE SET \(changes.joined(separator: ", ")) WHERE \(differs)"
    // If a sequence assigns the key, rows without a key are new and cannot conflict with existing rows.
    let conflict = resource.naturalKey.live.isSerial ? "" : "ON CONFLICT (\(resource.naturalKey.quoted)) \(action)"
    return Statement(
      "INSERT INTO \(resource.qualified) AS t (\(names.joined(separator: ", "))) "
        + "SELECT \(values.joined(separator: ", ")) FROM \(arrays) \(conflict)" + returning("t.xmax = 0"),
      types)
  }

  private var update: Statement {
    let new = { (column: String) -> String in
      guard has(column, shape.sets) else { return "t.\(SQL.quote(column))" }
      return given(column) ?? "(\(resource.live.column(column)?.defaultValue ?? "NULL"))"
    }
    let columns = shape.sets.map { resource.columns[$0] }
    let changes = columns.map { "\($0.quoted) = \(new($0.name))" } + derivedChanges(new) + updatedAt
    let differs = columns.map { "\($0.subject) IS DISTINCT FROM \(new($0.name))" }.joined(separator: " OR ")
    return Statement(
      "UPDATE \(resource.qualified) AS t SET \(changes.joined(separator: ", ")) FROM \(arrays) "
        + "WHERE \(resource.naturalKey.subject) = \(given(resource.naturalKey.name) ?? "NULL") AND (\(differs))"
        + returning("false"),
      types)
  }

  // MARK: Guards

  /// The guards that the rows have to pass. Guards on changes of state are left out: a batch may set any state, because
  /// its rows were recorded elsewhere.
  var guards: [Guard] {
    resource.guards.filter { check in
      check.error != .wrongState && check.columns.contains { has($0, shape.present) }
        && (shape.isLarge || !check.isForLargeRows)
    }
  }

  /// SQL for the value that a column has after the write: the given one, else that of the existing row, else the default.
  private func value(_ column: String) -> String {
    if let given = given(column) { return given }
    let live = resource.live.column(column)
    let missing = live?.isSerial == true ? "NULL" : live?.defaultValue ?? "NULL"
    guard has(resource.naturalKey.name, shape.present) else { return "(\(missing))" }
    return "CASE WHEN \(resource.naturalKey.subject) IS NULL THEN (\(missing)) ELSE t.\(SQL.quote(column)) END"
  }

  private var locks: [Statement] {
    guards.filter { $0.lock != .none }.map { check in
      let columns = check.lock == .values ? check.columns : []
      let values = columns.map { "\(value($0)) AS \(SQL.quote($0))" }
      let existing =
        has(resource.naturalKey.name, shape.present)
        ? " LEFT JOIN \(resource.qualified) AS t ON \(resource.naturalKey.subject) = "
          + (given(resource.naturalKey.name) ?? "NULL") : ""
      // All batches take these locks in the same order, so that two batches cannot deadlock.
      let rows =
        columns.isEmpty
        ? ""
        : " FROM (SELECT DISTINCT \(values.joined(separator: ", ")) FROM \(arrays)\(existing) ORDER BY "
          + columns.indices.map { String($0 + 1) }.joined(separator: ", ") + ") AS x"
      let sql = check.lockStatement(resource.table.name) { "x.\(SQL.quote($0))" } + rows
      return Statement(sql, types)
    }
  }

  /// Locks the existing rows with the given keys. An UPDATE alone would lock them in the order in which its plan finds
  /// them, and two batches could deadlock.
  private var lockRows: Statement {
    let key = resource.naturalKey
    // The order in which `BatchGroup` sorts texts is that of their bytes.
    let order = [.text, .varchar].contains(key.type) ? "\(key.subject) COLLATE \"C\"" : key.subject
    return Statement(
      "SELECT FROM unnest($1) AS u (key) JOIN \(resource.qualified) AS t ON \(key.subject) = "
        + "u.key::\(key.live.typeName) ORDER BY \(order) FOR NO KEY UPDATE OF t",
      [BatchSQL.transport(key.type).arrayOID])
  }

  /// Finds the rows that a guard refuses among the rows with the given ids: returns each one's id, and whether it
  /// passes each guard.
  private var check: Statement {
    let column = { (name: String) in "t.\(SQL.quote(name))" }
    let conditions = guards.map { $0.passes(column, column) }
    let sql =
      "SELECT \(resource.key.subject), \(conditions.joined(separator: ", ")) FROM \(resource.qualified) AS t "
      + "WHERE \(resource.key.subject) = ANY ($1) AND NOT (\(conditions.joined(separator: " AND ")))"
    return Statement(sql, [resource.key.type.arrayOID])
  }

  /// Finds the keys of existing rows in an array of keys: returns their positions in the array, counted from 1.
  private var existing: Statement {
    let key = resource.naturalKey
    let sql =
      "SELECT u.place FROM unnest($1) WITH ORDINALITY AS u (key, place) "
      + "JOIN \(resource.qualified) AS t ON \(key.subject) = u.key::\(key.live.typeName)"
    return Statement(sql, [BatchSQL.transport(key.type).arrayOID])
  }
}
