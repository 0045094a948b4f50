import BahariCatalog
import BahariMessage
import BahariPostgres

@testable import BahariService

/// The catalog's tables bound without PostgreSQL: to columns that fit the messages, and with the keys that the catalog
/// relies on. Text columns take turns among the types that texts may have, so that every type occurs.
enum InventedSchema {
  static let resources: [Resource] = Catalog.tables.compactMap { table in
    switch Resource.bind(table, schema) {
    case .success(let resource): return resource
    case .failure(let differences): preconditionFailure("\(differences.lines)")
    }
  }

  static let ring = Ring(resources.map { ($0.table.entity, $0) })

  /// Every name that a statement may quote.
  static let identifiers: Set<String> = Set(
    schema.tables.keys + schema.tables.values.flatMap { $0.columns.map(\.name) } + [ListShape.cursorName])

  private static let schema: LiveSchema = {
    var columns: [String: [LiveColumn]] = [:]
    for table in Catalog.tables {
      columns[table.name] = table.rowDescriptor?.fields.filter { $0.number < Numbers.version }.map(column) ?? []
    }
    var tables: [String: LiveTable] = [:]
    for table in Catalog.tables {
      let uniques = Set(["id", table.naturalKey]).sorted().map {
        LiveUnique(name: "\(table.name)_\($0)_key", columns: [$0])
      }
      tables[table.name] = LiveTable(
        name: table.name, columns: columns[table.name] ?? [], uniques: uniques, foreignKeys: keys(of: table, columns))
    }
    return LiveSchema(tables: tables, statements: [:], findings: [])
  }()

  private static func column(_ field: FieldDescriptor) -> LiveColumn {
    let type = type(of: field)
    let modifier: Int32 =
      switch type {
      case .varchar: 4 + 50
      case .numeric: 4 + (12 << 16 | 2)
      default: -1
      }
    return LiveColumn(
      name: field.name, typeOID: type.rawValue, typeName: "\(type)", modifier: modifier,
      isNullable: field.name != "id" && field.number % 3 == 0, defaultValue: nil)
  }

  private static func type(of field: FieldDescriptor) -> PostgresType {
    switch field.kind {
    case .int32: .int4
    case .int64: field.isRepeated ? .text : .int8
    case .double: .float8
    case .bool: .bool
    case .message: .timestamp
    case .string, .bytes, .enumeration: [.text, .varchar, .numeric, .date][Int(field.number % 4)]
    }
  }

  /// A foreign key for each column on the way of a joined name. It refers to some table from which the way goes on.
  private static func keys(of table: Table, _ columns: [String: [LiveColumn]]) -> [LiveForeignKey] {
    var wanted: [String: Set<String>] = [:]
    for joined in Catalog.tables.flatMap(\.joined) {
      for (place, column) in joined.path.enumerated() {
        wanted[column, default: []].insert(place + 1 < joined.path.count ? joined.path[place + 1] : joined.column)
      }
    }
    let own = Set((columns[table.name] ?? []).map(\.name))
    return wanted.filter { own.contains($0.key) }.sorted { $0.key < $1.key }.compactMap { column, next in
      let target = columns.filter { next.isSubset(of: $0.value.map(\.name)) }.keys.sorted().first
      return target.map {
        LiveForeignKey(
          name: "\(table.name)_\(column)_fk", table: table.name, columns: [column], target: $0, targetColumns: ["id"],
          cascades: false)
      }
    }
  }
}
