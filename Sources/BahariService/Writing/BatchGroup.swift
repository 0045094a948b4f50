import BahariCatalog
import BahariPostgres

/// Rows of a batch that give the same columns, and so go in one statement.
struct BatchGroup {
  let present: [Int]
  let sets: [Int]
  var rows: [BatchRequest.Row]

  static func groups(of rows: [BatchRequest.Row]) -> [BatchGroup] {
    var groups: [BatchGroup] = []
    for row in rows {
      if let index = groups.lastIndex(where: { $0.present == row.present && $0.sets == row.sets }) {
        groups[index].rows.append(row)
      } else {
        groups.append(BatchGroup(present: row.present, sets: row.sets, rows: [row]))
      }
    }
    return groups
  }

  /// Whether the rows are named by ids that come from a sequence: such ids match rows and make none.
  func onlyMatches(_ resource: Resource) -> Bool {
    resource.naturalKey.live.isSerial && present.contains { resource.columns[$0].name == resource.naturalKey.name }
  }

  /// Whether rows that do not exist yet can be made of what is given.
  func canInsert(_ resource: Resource) -> Bool {
    !onlyMatches(resource)
      && resource.columns.indices.allSatisfy { !resource.columns[$0].isMandatory || present.contains($0) }
  }

  /// One array per column, bound in the order of `present`.
  func parameters(_ resource: Resource) -> Parameters {
    var parameters = Parameters()
    for column in present {
      var array = ArrayParameter(of: BatchGroup.transport(resource.columns[column].type))
      for row in rows { (row.values[column] ?? .null).append(to: &array) }
      parameters.add(array)
    }
    return parameters
  }

  /// Arrays travel in binary; types whose values are held as text travel as text and are cast.
  private static func transport(_ type: PostgresType) -> PostgresType {
    switch type {
    case .int4, .int8, .float8, .bool, .text, .timestamp: type
    case .varchar, .numeric, .date, .xid: .text
    }
  }

  private func types(_ resource: Resource) -> [UInt32] {
    present.map { BatchGroup.transport(resource.columns[$0].type).arrayOID }
  }

  private func source(_ resource: Resource) -> (names: String, values: String, arrays: String) {
    let columns = present.map { resource.columns[$0] }
    let arrays = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    let aliases = columns.indices.map { "c\($0)" }.joined(separator: ", ")
    let computed = resource.table.derived.filter { $0.isDue { has($0, present, resource) } }
    let new = { given($0, resource) ?? "NULL::\(resource.live.column($0)?.typeName ?? "text")" }
    return (
      (columns.map(\.quoted) + computed.map { SQL.quote($0.column) }).joined(separator: ", "),
      (columns.map { new($0.name) } + computed.map { $0.text(new) }).joined(separator: ", "),
      "unnest(\(arrays)) AS u (\(aliases))"
    )
  }

  private func has(_ column: String, _ places: [Int], _ resource: Resource) -> Bool {
    places.contains { resource.columns[$0].name == column }
  }

  /// A column's value of the batch, where it gives one.
  private func given(_ column: String, _ resource: Resource) -> String? {
    guard let place = present.firstIndex(where: { resource.columns[$0].name == column }) else { return nil }
    return "u.c\(place)::\(resource.columns[present[place]].live.typeName)"
  }

  /// Assignments to what is computed from columns that are set; `new` writes a column's new value.
  private func derivedChanges(_ resource: Resource, _ new: ColumnSQL) -> [String] {
    resource.table.derived.filter { $0.isDue { has($0, sets, resource) } }
      .map { $0.change(new) { "t.\(SQL.quote($0))" } }
  }

  /// Whether each row that was written was new, its id, and its natural key.
  private func returning(_ isNew: String, _ resource: Resource) -> String {
    " RETURNING \(isNew), t.\(resource.key.quoted), t.\(resource.naturalKey.quoted)"
  }

  /// Inserts the rows that are new and changes those that differ.
  func upsert(_ resource: Resource) -> Statement {
    let (names, values, arrays) = source(resource)
    let columns = sets.map { resource.columns[$0].quoted }
    var changes = columns.map { "\($0) = EXCLUDED.\($0)" }
    changes += derivedChanges(resource) { column in
      has(column, sets, resource) ? "EXCLUDED.\(SQL.quote(column))" : "t.\(SQL.quote(column))"
    }
    if resource.live.column("updated_at") != nil { changes.append("\"updated_at\" = now()") }
    let differs = columns.map { "t.\($0) IS DISTINCT FROM EXCLUDED.\($0)" }.joined(separator: " OR ")
    let action = columns.isEmpty ? "DO NOTHING" : "DO UPDATE SET \(changes.joined(separator: ", ")) WHERE \(differs)"
    // Where the key comes from a sequence, rows without one are new and in nobody's way.
    let conflict = resource.naturalKey.live.isSerial ? "" : "ON CONFLICT (\(resource.naturalKey.quoted)) \(action)"
    return Statement(
      "INSERT INTO \(resource.qualified) AS t (\(names)) SELECT \(values) FROM \(arrays) \(conflict)"
        + returning("t.xmax = 0", resource),
      types(resource))
  }

  /// Changes the rows that exist and differ.
  func update(_ resource: Resource) -> Statement {
    let (_, _, arrays) = source(resource)
    let new = { (column: String) -> String in
      guard has(column, sets, resource) else { return "t.\(SQL.quote(column))" }
      return given(column, resource) ?? "(\(resource.live.column(column)?.defaultValue ?? "NULL"))"
    }
    let columns = sets.map { resource.columns[$0] }
    var changes = columns.map { "\($0.quoted) = \(new($0.name))" } + derivedChanges(resource, new)
    if resource.live.column("updated_at") != nil { changes.append("\"updated_at\" = now()") }
    let differs = columns.map { "t.\($0.quoted) IS DISTINCT FROM \(new($0.name))" }.joined(separator: " OR ")
    return Statement(
      "UPDATE \(resource.qualified) AS t SET \(changes.joined(separator: ", ")) FROM \(arrays) "
        + "WHERE t.\(resource.naturalKey.quoted) = \(given(resource.naturalKey.name, resource) ?? "NULL") "
        + "AND (\(differs))" + returning("false", resource),
      types(resource))
  }

  // MARK: Guards

  /// The guards that the rows have to pass. States may be anything in a batch: it brings what was elsewhere.
  func guards(_ resource: Resource) -> [Guard] {
    resource.guards.filter { check in
      check.error != .wrongState && check.columns.contains { has($0, present, resource) }
    }
  }

  /// Locks under which no other writer can bring a row that this group's guards would have to see.
  func locks(_ resource: Resource) -> [Bound] {
    guards(resource).filter { $0.takesLock { has($0, present, resource) } }.map { check in
      let columns = check.lock == .values ? check.columns : []
      let values = columns.map { "\(given($0, resource) ?? "NULL") AS \(SQL.quote($0))" }
      // In one order everywhere, or two batches could wait for each other.
      let rows =
        columns.isEmpty
        ? ""
        : " FROM (SELECT DISTINCT \(values.joined(separator: ", ")) FROM \(source(resource).arrays) ORDER BY "
          + columns.indices.map { String($0 + 1) }.joined(separator: ", ") + ") AS x"
      let sql = check.lockStatement(resource.table.name) { "x.\(SQL.quote($0))" } + rows
      return Bound(Statement(sql, types(resource)), parameters(resource))
    }
  }

  /// The ids among these of rows that a guard refuses, with each guard's word.
  func check(_ ids: [Value], _ resource: Resource) -> Bound {
    let column = { (name: String) in "t.\(SQL.quote(name))" }
    let words = guards(resource).map { $0.word(column, column) }
    var array = ArrayParameter(of: resource.key.type)
    for id in ids { id.append(to: &array) }
    var parameters = Parameters()
    parameters.add(array)
    let sql =
      "SELECT t.\(resource.key.quoted), \(words.joined(separator: ", ")) FROM \(resource.qualified) AS t "
      + "WHERE t.\(resource.key.quoted) = ANY ($1) AND NOT (\(words.joined(separator: " AND ")))"
    return Bound(Statement(sql, [resource.key.type.arrayOID]), parameters)
  }

  /// The places, from 1, of the rows whose key exists.
  func existing(_ resource: Resource) -> Bound {
    let key = resource.naturalKey
    let place = resource.columns.firstIndex { $0.name == key.name } ?? 0
    let type = BatchGroup.transport(key.type)
    var array = ArrayParameter(of: type)
    for row in rows { (row.values[place] ?? .null).append(to: &array) }
    var parameters = Parameters()
    parameters.add(array)
    let sql =
      "SELECT u.place FROM unnest($1) WITH ORDINALITY AS u (key, place) "
      + "JOIN \(resource.qualified) AS t ON t.\(key.quoted) = u.key::\(key.live.typeName)"
    return Bound(Statement(sql, [type.arrayOID]), parameters)
  }
}
