import BahariPostgres

/// A column as PostgreSQL's system catalog describes it.
package struct LiveColumn: Sendable, Equatable {
  package let name: String
  let typeOID: UInt32
  /// PostgreSQL's name of the type, such as character varying(50).
  package let typeName: String
  /// PostgreSQL's atttypmod, which encodes a length, or a precision and scale; -1 for none.
  let modifier: Int32
  package let isNullable: Bool
  /// The SQL text of the default; nil for none.
  package let defaultValue: String?

  /// The length limit of a varchar, in characters; nil for none.
  var maximumLength: Int? { typeOID == PostgresType.varchar.rawValue && modifier > 4 ? Int(modifier) - 4 : nil }

  /// The limits of a numeric column: how many digits it holds in total and after the decimal point; nil for none.
  var precision: (digits: Int, scale: Int)? {
    guard typeOID == PostgresType.numeric.rawValue, modifier > 4 else { return nil }
    return (Int((modifier - 4) >> 16), Int((modifier - 4) & 0xffff))
  }

  /// Whether the column's default comes from a sequence.
  var isSerial: Bool { defaultValue?.hasPrefix("nextval(") ?? false }
}

/// A foreign key as PostgreSQL's system catalog describes it.
package struct LiveForeignKey: Sendable, Equatable {
  let name: String
  package let table: String
  package let columns: [String]
  package let target: String
  package let targetColumns: [String]
  /// Whether deleting a row of the target also deletes the rows that refer to it (ON DELETE CASCADE).
  let cascades: Bool
}

/// A step of a joined name's path that cannot be followed: this column of this table has no foreign key.
struct BrokenPath: Error, Equatable {
  let table: String
  let column: String
}

/// A unique index, primary keys included, as PostgreSQL's system catalog describes it.
package struct LiveUnique: Sendable, Equatable {
  let name: String
  package let columns: [String]
}

/// A table as PostgreSQL's system catalog describes it.
package struct LiveTable: Sendable {
  package let name: String
  package let columns: [LiveColumn]
  package let uniques: [LiveUnique]
  package let foreignKeys: [LiveForeignKey]

  func column(_ name: String) -> LiveColumn? { columns.first { $0.name == name } }

  package func isUnique(_ column: String) -> Bool { uniques.contains { $0.columns == [column] } }

  package func foreignKey(of column: String) -> LiveForeignKey? { foreignKeys.first { $0.columns == [column] } }

  /// The columns of the unique index or foreign key with this name; empty if there is none.
  func columns(ofConstraint name: String) -> [String] {
    uniques.first { $0.name == name }?.columns ?? foreignKeys.first { $0.name == name }?.columns ?? []
  }
}

/// A result column of a statement, as PostgreSQL describes it.
struct LiveOutput: Sendable {
  let name: String
  let typeOID: UInt32
}
