import BahariPostgres

/// A column as PostgreSQL's catalog has it.
package struct LiveColumn: Sendable, Equatable {
  package let name: String
  let typeOID: UInt32
  /// PostgreSQL's name of the type: character varying(50).
  package let typeName: String
  /// atttypmod: holds a length, or a precision and scale; -1 for none.
  let modifier: Int32
  package let isNullable: Bool
  /// The default expression's text.
  package let defaultValue: String?

  /// Characters a varchar holds.
  var maximumLength: Int? { typeOID == PostgresType.varchar.rawValue && modifier > 4 ? Int(modifier) - 4 : nil }

  /// Digits in all and behind the point of a numeric that limits them.
  var precision: (digits: Int, scale: Int)? {
    guard typeOID == PostgresType.numeric.rawValue, modifier > 4 else { return nil }
    return (Int((modifier - 4) >> 16), Int((modifier - 4) & 0xffff))
  }

  /// Ids come from a sequence.
  var isSerial: Bool { defaultValue?.hasPrefix("nextval(") ?? false }
}

package struct LiveForeignKey: Sendable, Equatable {
  let name: String
  package let table: String
  package let columns: [String]
  package let target: String
  package let targetColumns: [String]
  /// Deleting the target's row deletes the referring rows.
  let cascades: Bool
}

/// A step that leads nowhere: the table has no foreign key of this one column.
struct BrokenPath: Error, Equatable {
  let table: String
  let column: String
}

package struct LiveUnique: Sendable, Equatable {
  let name: String
  package let columns: [String]
}

/// A table as PostgreSQL's catalog has it.
package struct LiveTable: Sendable {
  package let name: String
  package let columns: [LiveColumn]
  package let uniques: [LiveUnique]
  package let foreignKeys: [LiveForeignKey]

  func column(_ name: String) -> LiveColumn? { columns.first { $0.name == name } }

  package func isUnique(_ column: String) -> Bool { uniques.contains { $0.columns == [column] } }

  package func foreignKey(of column: String) -> LiveForeignKey? { foreignKeys.first { $0.columns == [column] } }

  /// The columns a unique or foreign key binds; empty when there is none of that name.
  func columns(ofConstraint name: String) -> [String] {
    uniques.first { $0.name == name }?.columns ?? foreignKeys.first { $0.name == name }?.columns ?? []
  }
}

/// A column of what a statement brings.
struct LiveOutput: Sendable {
  let name: String
  let typeOID: UInt32
}
