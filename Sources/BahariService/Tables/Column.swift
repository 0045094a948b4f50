import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres

/// A column that callers write and read: its field in the row message and its type in PostgreSQL.
package struct Column: Sendable {
  let name: String
  let field: FieldDescriptor
  let type: PostgresType
  package let live: LiveColumn
  let limits: ClosedRange<Double>?
  /// The only values it may have, where its list is closed.
  let allowed: [String]?
  /// The name as it stands in statements.
  let quoted: String
  /// The column of the table as `t`.
  let subject: String

  init(
    name: String, field: FieldDescriptor, type: PostgresType, live: LiveColumn, limits: ClosedRange<Double>?,
    allowed: [String]? = nil
  ) {
    self.allowed = allowed
    self.name = name
    self.field = field
    self.type = type
    self.live = live
    self.limits = limits
    quoted = SQL.quote(name)
    subject = "t." + quoted
  }

  /// The same column as another message has it; nil where that has none.
  func within(_ message: MessageDescriptor) -> Column? {
    message.field(name).map {
      Column(name: name, field: $0, type: type, live: live, limits: limits, allowed: allowed)
    }
  }

  /// An id as a value of this column; nil for one that the column's type cannot hold.
  func value(ofID id: Int64) -> Value? { type == .int4 ? Int32(exactly: id).map { .int32($0) } : .int64(id) }

  /// A list of ids, which the table has as a JSON array in a text.
  var holdsIDs: Bool { field.isRepeated }

  /// Must be given where a row is made.
  var isMandatory: Bool { !live.isNullable && live.defaultValue == nil }
}
