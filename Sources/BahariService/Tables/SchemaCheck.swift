import BahariCatalog
import BahariMessage
import BahariPostgres

/// Compares the three descriptions of one table: its literal in the catalog, its messages in the .proto files, and the
/// table in PostgreSQL.
struct SchemaCheck {
  /// The descriptions of a table, in which the check has found no difference.
  struct Parts {
    let table: Table
    let live: LiveTable
    let service: ServiceDescriptor
    let row: MessageDescriptor
    let columns: [Column]
    let key: Column
    let naturalKey: Column
  }

  private let table: Table
  private let schema: LiveSchema
  private(set) var differences: [String] = []

  init(_ table: Table, _ schema: LiveSchema) {
    self.table = table
    self.schema = schema
  }

  /// Compares the table's descriptions and returns them; nil if there are differences, which are then in `differences`.
  mutating func run() -> Parts? {
    guard let service = table.serviceDescriptor else {
      return missing("the .proto declares no service \(table.service)")
    }
    guard let row = table.rowDescriptor, row.name == table.message else {
      return missing("\(table.service)/Get's reply holds no \(table.message)")
    }
    guard let live = schema.tables[table.name] else { return missing("the database has no table public.\(table.name)") }
    let columns = row.fields.filter { $0.number < Numbers.version }.compactMap { column($0, live) }
    checkMethods(service)
    checkOutputs(row)
    checkPosition(service)
    checkNames(columns, live)
    checkForgotten(columns, live)
    guard let key = columns.first(where: { $0.name == "id" }) else { return missing("has no column id") }
    guard live.isUnique("id") else { return missing("column id is not unique") }
    guard let naturalKey = columns.first(where: { $0.name == table.naturalKey }) else { return nil }
    guard differences.isEmpty else { return nil }
    return Parts(
      table: table, live: live, service: service, row: row, columns: columns, key: key, naturalKey: naturalKey)
  }

  private mutating func missing(_ text: String) -> Parts? {
    note(text)
    return nil
  }

  private mutating func note(_ text: String) { differences.append("\(table.name): \(text)") }

  private mutating func column(_ field: FieldDescriptor, _ live: LiveTable) -> Column? {
    guard let column = live.column(field.name) else {
      note("column \(field.name) is missing")
      return nil
    }
    guard let type = PostgresType(rawValue: column.typeOID), SchemaCheck.fits(field, type) else {
      let kind = (field.isRepeated ? "repeated " : "") + "\(field.kind)"
      note("column \(field.name) is \(column.typeName), which does not fit the message's \(kind)")
      return nil
    }
    var limits: ClosedRange<Double>?
    for case .between(field.name, let low, let high) in table.allRules { limits = low...high }
    let allowed = table.invariants.lazy.compactMap(\.allowed).first { $0.column == field.name }?.values
    return Column(name: field.name, field: field, type: type, live: column, limits: limits, allowed: allowed)
  }

  static func fits(_ field: FieldDescriptor, _ type: PostgresType) -> Bool {
    // A list of ids is stored as a JSON array in a text column.
    if field.isRepeated { return field.kind == .int64 && type == .text }
    switch (field.kind, type) {
    case (.int32, .int4), (.int64, .int8), (.double, .float8), (.bool, .bool): return true
    case (.string, .text), (.string, .varchar), (.string, .numeric), (.string, .date): return true
    case (.message, .timestamp): return field.message?.name == "google.protobuf.Timestamp"
    default: return false
    }
  }

  private mutating func checkMethods(_ service: ServiceDescriptor) {
    let names = service.methods.map(\.name)
    for method in Method.all where method.isOnEveryTable && !names.contains(method.name) {
      note("\(table.service) has no method \(method.name)")
    }
    for name in names where Method.named(name) == nil && !Report.has(table.entity, name) {
      note("\(table.service)/\(name) is a method that the daemon does not implement")
    }
  }

  private mutating func checkOutputs(_ row: MessageDescriptor) {
    if row.field("version")?.number != Numbers.version { note("\(row.name) has no version = \(Numbers.version)") }
    let declared = row.fields.filter { $0.number > Numbers.version }.map(\.name)
    for joined in table.joined where !declared.contains(joined.field) {
      note("\(row.name) has no field \(joined.field) for a joined name")
    }
    for name in declared where !table.joined.contains(where: { $0.field == name }) {
      note("\(row.name).\(name) is a joined name that the catalog does not define")
    }
    for joined in table.joined { checkPath(joined) }
  }

  /// A table with coordinates needs distance_km in the replies of List, ListWithRelations and Export; other tables must
  /// not have it.
  private mutating func checkPosition(_ service: ServiceDescriptor) {
    for name in ["List", "ListWithRelations", "Export"] {
      guard let output = service.method(name)?.output else { continue }
      let hasDistance = output.field("distance_km") != nil
      if table.position != nil, !hasDistance { note("\(output.name) has no field distance_km") }
      if table.position == nil, hasDistance {
        note("\(output.name) has distance_km, but the table's literal has no position")
      }
    }
  }

  private mutating func checkPath(_ joined: Joined) {
    switch schema.path(from: table.name, through: joined.path) {
    case .failure(let broken): note("\(joined.field): \(broken.table).\(broken.column) refers to no table")
    case .success(let keys):
      let last = keys.last?.target ?? table.name
      if schema.tables[last]?.column(joined.column) == nil {
        note("\(joined.field): \(last) has no column \(joined.column)")
      }
    }
  }

  private mutating func checkNames(_ columns: [Column], _ live: LiveTable) {
    let sorted = table.order.map { $0.hasPrefix("-") ? String($0.dropFirst()) : $0 }
    let joined = table.joined.map(\.field)
    let searched = table.search.filter { !joined.contains($0) }
    let named = [("search", searched), ("order", sorted), ("natural key", [table.naturalKey])]
    let ruled = table.allRules.map(\.column) + table.invariants.flatMap(\.columns) + table.hints.flatMap(\.columns)
    let derived = table.derived.flatMap { $0.sources + [$0.column] }
    for (what, names) in named + [("rules", ruled), ("derived values", derived)] {
      for name in names where !columns.contains(where: { $0.name == name }) {
        note("the catalog names \(name) among its \(what), which is no column")
      }
    }
    if !live.isUnique(table.naturalKey) { note("the natural key \(table.naturalKey) is not unique") }
  }

  /// Finds mandatory columns for which the row message has no field: because of such a column, every Create would fail.
  private mutating func checkForgotten(_ columns: [Column], _ live: LiveTable) {
    for column in live.columns where !column.isNullable && column.defaultValue == nil {
      if !columns.contains(where: { $0.name == column.name }) {
        note("column \(column.name) is mandatory and the message has no field for it")
      }
    }
  }
}
