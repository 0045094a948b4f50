import BahariFrame
import BahariMessage
import BahariPostgres

/// A BatchUpsertRequest, checked row by row.
struct BatchRequest {
  struct Row {
    /// The row's place in the request.
    let index: Int
    let values: [Value?]
    /// Places of the columns to insert, the key included.
    let present: [Int]
    /// Places of the columns to change where the row exists.
    let sets: [Int]
  }

  private(set) var rows: [Row] = []
  private(set) var faults: [Int: [FieldViolation]] = [:]
  let skips: Bool
  let isDryRun: Bool
  let count: Int

  private static let skip: Int32 = 1

  init(_ request: Message, _ resource: Resource) throws(Status) {
    let descriptor = request.descriptor
    guard let data = descriptor.field("data"), request.has(data) else {
      throw .invalid([.missing("data")], table: resource.table.name)
    }
    count = request.count(data)
    guard count <= ServiceLimits.batchRows else {
      throw .invalid([.wrong("data", "TOO_LONG", "has \(count) rows and may have \(ServiceLimits.batchRows)")])
    }
    isDryRun = request.flag(named: "dry_run")
    skips = try BatchRequest.skips(request)
    let mask = try Mask(request.message(named: "update_mask"), resource, allowsKey: true)
    guard let key = resource.columns.firstIndex(where: { $0.name == resource.naturalKey.name }) else { return }
    var seen: [Value.Key: Int] = [:]
    for (index, message) in request.messages(data).enumerated() {
      let path = "data[\(index)]"
      var input = RowInput(message, resource, path: path)
      let sets = mask.columns(of: &input, resource, path: path).filter { $0 != key }
      BatchRequest.requireNotNull(sets, &input, resource, path)
      if let value = input.values[key] {
        if let first = seen.updateValue(index, forKey: value.key) {
          let description = "is given by row \(first) of the batch, too"
          input.add(.wrong("\(path).\(resource.naturalKey.name)", "DUPLICATE", description))
        }
      } else if !resource.naturalKey.live.isSerial,
        !input.violations.contains(where: { $0.field == "\(path).\(resource.naturalKey.name)" })
      {
        input.add(.missing("\(path).\(resource.naturalKey.name)"))
      }
      guard input.violations.isEmpty else {
        faults[index] = input.violations
        continue
      }
      let present = resource.columns.indices.filter { column in
        input.values[column] != nil && !Mask.managed.contains(resource.columns[column].name)
          && (column == key || !resource.columns[column].live.isSerial)
      }
      rows.append(Row(index: index, values: input.values, present: present, sets: sets))
    }
  }

  private static func skips(_ request: Message) throws(Status) -> Bool {
    guard let field = request.descriptor.field("on_error"), request.has(field) else { return false }
    let value = request.int32(field)
    guard field.isDefined(value) else { throw .malformed("\(value) is neither ABORT nor SKIP", field: "on_error") }
    return value == skip
  }

  /// A masked column that is absent becomes NULL, or its default; one that has neither must be given.
  private static func requireNotNull(_ sets: [Int], _ input: inout RowInput, _ resource: Resource, _ path: String) {
    for column in sets where input.values[column] == nil && resource.columns[column].isMandatory {
      let field = "\(path).\(resource.columns[column].name)"
      if !input.violations.contains(where: { $0.field == field }) { input.add(.missing(field)) }
    }
  }
}

extension Value {
  /// Tells keys apart.
  enum Key: Hashable {
    case number(Int64)
    case text([UInt8])
    case other
  }

  var key: Key {
    switch self {
    case .int32(let value): .number(Int64(value))
    case .int64(let value), .timestamp(let value): .number(value)
    case .text(let bytes): .text(bytes)
    case .null, .double, .bool: .other
    }
  }
}

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
    let values = columns.indices.map { "u.c\($0)::\(columns[$0].live.typeName)" }.joined(separator: ", ")
    let arrays = columns.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    let aliases = columns.indices.map { "c\($0)" }.joined(separator: ", ")
    return (columns.map(\.quoted).joined(separator: ", "), values, "unnest(\(arrays)) AS u (\(aliases))")
  }

  /// Inserts the rows that are new and changes those that differ; returns whether each of these was new.
  func upsert(_ resource: Resource) -> Statement {
    let (names, values, arrays) = source(resource)
    let columns = sets.map { resource.columns[$0].quoted }
    var changes = columns.map { "\($0) = EXCLUDED.\($0)" }
    if resource.live.column("updated_at") != nil { changes.append("\"updated_at\" = now()") }
    let differs = columns.map { "t.\($0) IS DISTINCT FROM EXCLUDED.\($0)" }.joined(separator: " OR ")
    let action = columns.isEmpty ? "DO NOTHING" : "DO UPDATE SET \(changes.joined(separator: ", ")) WHERE \(differs)"
    // Where the key comes from a sequence, rows without one are new and in nobody's way.
    let key = resource.naturalKey
    let conflict = key.live.isSerial ? "" : "ON CONFLICT (\(key.quoted)) \(action) "
    return Statement(
      "INSERT INTO \(resource.qualified) AS t (\(names)) SELECT \(values) FROM \(arrays) "
        + "\(conflict)RETURNING t.xmax = 0",
      types(resource))
  }

  /// Changes the rows that exist and differ; returns false for each.
  func update(_ resource: Resource) -> Statement {
    let (_, _, arrays) = source(resource)
    let key = present.firstIndex { resource.columns[$0].name == resource.naturalKey.name } ?? 0
    var changes: [String] = []
    var differs: [String] = []
    for column in sets.map({ ($0, resource.columns[$0]) }) {
      guard let place = present.firstIndex(of: column.0) else {
        changes.append("\(column.1.quoted) = DEFAULT")
        differs.append("t.\(column.1.quoted) IS DISTINCT FROM (\(column.1.live.defaultValue ?? "NULL"))")
        continue
      }
      changes.append("\(column.1.quoted) = u.c\(place)::\(column.1.live.typeName)")
      differs.append("t.\(column.1.quoted) IS DISTINCT FROM u.c\(place)::\(column.1.live.typeName)")
    }
    if resource.live.column("updated_at") != nil { changes.append("\"updated_at\" = now()") }
    return Statement(
      "UPDATE \(resource.qualified) AS t SET \(changes.joined(separator: ", ")) FROM \(arrays) "
        + "WHERE t.\(resource.naturalKey.quoted) = u.c\(key)::\(resource.naturalKey.live.typeName) "
        + "AND (\(differs.joined(separator: " OR "))) RETURNING false",
      types(resource))
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
