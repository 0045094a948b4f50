import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres

/// A table that the daemon serves: the catalog's literal, the messages in the .proto files and the table in PostgreSQL.
/// They are compared once, when the daemon starts; then all shards read the same object.
package final class Resource: Sendable {
  package let table: Table
  package let live: LiveTable
  package let columns: [Column]
  let key: Column
  /// The index of the key in `columns`, which is also its index in the outputs of every selection.
  let keyPlace: Int
  let naturalKey: Column
  /// The index of the natural key in `columns`.
  let naturalKeyPlace: Int
  /// The table's name with its schema, quoted for use in statements.
  let qualified: String
  /// The selection without joined names, which writes return.
  let plain: Selection
  /// The selection with joined names.
  let related: Selection
  /// The order of rows in lists whose caller sets none.
  let order: SortOrder
  /// The rows of other tables that are deleted together with a row of this table (ON DELETE CASCADE).
  let cascades: Cascades
  let search: SearchSQL
  /// The rules that PostgreSQL checks in the statement that writes a row.
  let guards: [Guard]
  let relatedHints: [RelatedHint]
  /// The table and column of each joined name, as "table.column", in the order of `table.joined`.
  let joinedSources: [String]

  /// Compares the descriptions of `table` and returns them as one resource, or all differences between them.
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

  /// The selection that Get, List and Export return.
  var standard: Selection { table.joinsByDefault ? related : plain }

  func place(of name: String) -> Int? { columns.firstIndex { $0.name == name } }

  func column(_ name: String) -> Column? { place(of: name).map { columns[$0] } }

  /// The name of the table that `column` refers to, for use in messages.
  func target(of column: String) -> String { live.foreignKey(of: column)?.target ?? "its table" }

  var columnNames: String { columns.map(\.name).joined(separator: ", ") }

  /// Which of `outputs` the caller asks for by `names`; nil, which means all, if `names` is empty. Throws for a name
  /// that is not in `outputs`.
  func choose(_ names: [String], from outputs: [Output]) throws(Status) -> [Bool]? {
    guard !names.isEmpty else { return nil }
    for (index, name) in names.enumerated() where !outputs.contains(where: { $0.name == name }) {
      throw .malformed(
        "\(table.name) has no column \(name.echo); it has \(outputs.map(\.name).joined(separator: ", "))",
        field: "fields[\(index)]", reason: FieldViolation.unknownReason)
    }
    return outputs.map { names.contains($0.name) }
  }
}
