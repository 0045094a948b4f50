import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres

/// A table as it is served: the catalog's literal, the .proto's messages and PostgreSQL's constraints,
/// compared and put together once, then read by every shard.
package final class Resource: Sendable {
  package let table: Table
  package let live: LiveTable
  package let columns: [Column]
  let key: Column
  /// The key's place among the columns, which is its place in every selection, too.
  let keyPlace: Int
  let naturalKey: Column
  /// The natural key's place among the columns.
  let naturalKeyPlace: Int
  /// The name as it stands in statements, with its schema.
  let qualified: String
  /// Without joined names: what writes return.
  let plain: Selection
  /// With joined names.
  let related: Selection
  /// How rows are sorted where nobody says.
  let order: SortOrder
  /// Rows that a delete would take along.
  let cascades: Cascades
  let search: SearchSQL
  /// What PostgreSQL checks of a row that is written.
  let guards: [Guard]
  let relatedHints: [RelatedHint]
  /// table.column that each joined name comes from, in their order.
  let joinedSources: [String]

  /// Puts `table` together with what PostgreSQL has, or says everything that does not fit.
  static func bind(_ table: Table, _ schema: LiveSchema) -> Result<Resource, SchemaDifferences> {
    var check = SchemaCheck(table, schema)
    guard let parts = check.run() else { return .failure(SchemaDifferences(check.differences)) }
    return .success(Resource(parts, schema))
  }

  private init(_ parts: SchemaCheck.Parts, _ schema: LiveSchema) {
    table = parts.table
    live = parts.live
    columns = parts.columns
    key = parts.key
    keyPlace = columns.firstIndex { $0.name == parts.key.name } ?? 0
    naturalKey = parts.naturalKey
    naturalKeyPlace = columns.firstIndex { $0.name == parts.naturalKey.name } ?? 0
    qualified = SQL.table(parts.table.name)
    plain = SQL.selection(parts, schema, joins: false)
    related = SQL.selection(parts, schema, joins: true)
    order = SortOrder(parts.table.order, of: parts.table.name, parts.columns, key: parts.key)
    cascades = Cascades(of: parts.table.name, key: parts.key, schema)
    search = SearchSQL(parts, schema)
    guards = Guard.all(parts, schema)
    relatedHints = RelatedHint.all(parts)
    joinedSources = parts.table.joined.map { joined in
      let keys = try? schema.path(from: parts.table.name, through: joined.path).get()
      return "\(keys?.last?.target ?? parts.table.name).\(joined.column)"
    }
  }

  /// What Get, List and Export bring.
  var standard: Selection { table.joinsByDefault ? related : plain }

  func place(of name: String) -> Int? { columns.firstIndex { $0.name == name } }

  func column(_ name: String) -> Column? { place(of: name).map { columns[$0] } }

  /// The table that `column` refers to, for a sentence.
  func target(of column: String) -> String { live.foreignKey(of: column)?.target ?? "its table" }

  var columnNames: String { columns.map(\.name).joined(separator: ", ") }

  /// Which outputs a caller wants; nil, for all, when it names none.
  func choose(_ names: [String], from outputs: [Output]) throws(Status) -> [Bool]? {
    guard !names.isEmpty else { return nil }
    for (index, name) in names.enumerated() where !outputs.contains(where: { $0.name == name }) {
      throw .malformed(
        "\(table.name) has no column \(name.debugDescription); it has \(outputs.map(\.name).joined(separator: ", "))",
        field: "fields[\(index)]", reason: FieldViolation.unknownReason)
    }
    return outputs.map { names.contains($0.name) }
  }
}
