import BahariCatalog
import BahariFrame

/// A hint that compares the written row with rows of other tables. PostgreSQL evaluates it in the statement that writes
/// the row.
struct RelatedHint: Sendable {
  let remark: Remark
  let condition: @Sendable (ColumnSQL) -> String

  static func all(_ parts: SchemaCheck.Parts) -> [RelatedHint] {
    parts.table.hints.flatMap { hint -> [RelatedHint] in
      guard case .agrees(let columns, let shared) = hint else { return [] }
      return columns.compactMap { column in
        guard let key = parts.live.foreignKey(of: column), let target = key.targetColumns.first else { return nil }
        let remark = Remark(field: column, description: "refers to a row with another \(shared)")
        return RelatedHint(remark: remark) { value in
          "NOT EXISTS (SELECT FROM \(SQL.table(key.target)) AS o WHERE o.\(SQL.quote(target)) = \(value(column)) "
            + "AND o.\(SQL.quote(shared)) <> \(value(shared)))"
        }
      }
    }
  }
}
