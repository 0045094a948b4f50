/// A table of the old service's database, with PostgreSQL's types. Its keys and indexes have the names that the old
/// service's schema tool gave them.
package struct LegacyTable: Sendable {
  package struct Column: Sendable {
    package let name: String
    /// The column's type and constraints as CREATE TABLE takes them: `varchar(50) NOT NULL`, `serial`.
    package let definition: String

    /// The column's type as PostgreSQL's catalog names it: `character varying(50)`.
    package var type: String {
      let end = [" NOT NULL", " DEFAULT"].compactMap { definition.firstRange(of: $0)?.lowerBound }.min()
      let written = String(definition[..<(end ?? definition.endIndex)])
      switch written {
      case "serial": return "integer"
      case "timestamp": return "timestamp without time zone"
      default: return written.replacing("varchar(", with: "character varying(")
      }
    }

    package var isNotNull: Bool { definition.contains("NOT NULL") || definition == "serial" }
  }

  /// A unique key or an index.
  package struct Key: Sendable {
    package let name: String
    package let columns: [String]
  }

  package struct ForeignKey: Sendable {
    package let column: String
    package let target: String
    package var targetColumn = "id"
    package var cascades = false
  }

  package let name: String
  package let columns: [Column]
  package var unique: [Key] = []
  package var foreignKeys: [ForeignKey] = []
  package var indexes: [Key] = []

  /// - Parameter columns: One column on each line: its name and its definition. `id` is the primary key of every table.
  init(
    _ name: String, _ columns: String, unique: [String] = [], foreignKeys: [ForeignKey] = [], indexes: [Key] = []
  ) {
    self.name = name
    self.columns = columns.split(separator: "\n").map { line in
      let name = line.prefix { $0 != " " }
      return Column(name: String(name), definition: String(line.dropFirst(name.count + 1)))
    }
    self.unique = unique.map { Key(name: "\(name)_\($0)_unique", columns: [$0]) }
    self.foreignKeys = foreignKeys
    self.indexes = indexes
  }

  package var primaryKeyName: String { "\(name)_pkey" }

  package var hasSequence: Bool { columns[0].definition == "serial" }

  package func name(of key: ForeignKey) -> String { "\(name)_\(key.column)_\(key.target)_\(key.targetColumn)_fk" }
}

extension LegacyTable.ForeignKey {
  /// - Parameter target: The present name of the table that the key refers to.
  func clause(target: String) -> String {
    "FOREIGN KEY (\(column)) REFERENCES public.\(target) (\(targetColumn))"
      + (cascades ? " ON DELETE CASCADE ON UPDATE CASCADE" : "")
  }
}
