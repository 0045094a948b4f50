/// A key or index that every legacy database should have, with its new name: the keys of the design's section 4.2, and
/// the design's legacy indexes.
package struct ExpectedObject: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable { case primaryKey, unique, foreignKey, index }

  package let kind: Kind
  /// The legacy name of the table that the key or index belongs to.
  package let table: String
  package let columns: [String]
  package var target: String?
  package var targetColumn: String?
  package var cascades = false
  /// The name that the key or index gets if it is created.
  package var name: String
  /// Whether the column `id` admitted NULL before the primary key was created. An undo then makes it admit NULL again.
  package var columnAdmitsNull = false

  /// All keys and indexes of the legacy schema, in an order in which they can be created: a key comes before the
  /// foreign keys that refer to it.
  static let all: [ExpectedObject] =
    LegacySchema.tables.flatMap { table in
      [ExpectedObject(.primaryKey, table.name, ["id"], named: table.primaryKeyName)]
        + table.unique.map { ExpectedObject(.unique, table.name, $0.columns, named: $0.name) }
    }
    + LegacySchema.tables.flatMap { table in
      table.foreignKeys.map { key in
        var object = ExpectedObject(.foreignKey, table.name, [key.column], named: table.name(of: key))
        object.target = key.target
        object.targetColumn = key.targetColumn
        object.cascades = key.cascades
        return object
      } + table.indexes.map { ExpectedObject(.index, table.name, $0.columns, named: $0.name) }
    }

  private init(_ kind: Kind, _ table: String, _ columns: [String], named old: String) {
    self.kind = kind
    self.table = table
    self.columns = columns
    name = Rename.name(for: old, columns: columns)
  }

  /// The statement that creates the key or index after the tables are renamed.
  package var sql: String {
    let qualified = Identifier.qualified(Rename.new(table))
    let list = columns.joined(separator: ", ")
    switch kind {
    case .primaryKey: return "ALTER TABLE \(qualified) ADD CONSTRAINT \(name) PRIMARY KEY (\(list))"
    case .unique: return "ALTER TABLE \(qualified) ADD CONSTRAINT \(name) UNIQUE (\(list))"
    case .index: return "CREATE INDEX \(name) ON \(qualified) (\(list))"
    case .foreignKey:
      let key = LegacyTable.ForeignKey(
        column: list, target: target ?? "", targetColumn: targetColumn ?? "id", cascades: cascades)
      return "ALTER TABLE \(qualified) ADD CONSTRAINT \(name) \(key.clause(target: Rename.new(key.target)))"
    }
  }

  package var undo: [String] {
    let qualified = Identifier.qualified(Rename.new(table))
    guard kind != .index else { return ["DROP INDEX IF EXISTS public.\(name)"] }
    return ["ALTER TABLE \(qualified) DROP CONSTRAINT IF EXISTS \(name)"]
      + (columnAdmitsNull ? ["ALTER TABLE \(qualified) ALTER COLUMN id DROP NOT NULL"] : [])
  }

  /// A description for people: `unique key on pegawai (nip)`.
  package var text: String {
    let kinds = [Kind.primaryKey: "primary key", .unique: "unique key", .foreignKey: "foreign key", .index: "index"]
    let end = target.map { " to \($0) (\(targetColumn ?? "id"))" } ?? ""
    return "\(kinds[kind] ?? "") on \(table) (\(columns.joined(separator: ", ")))\(end)"
  }
}
