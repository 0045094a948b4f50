import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres

/// A column that callers can read or write: its field in the row message and its type in PostgreSQL.
package struct Column: Sendable {
  let name: String
  let field: FieldDescriptor
  let type: PostgresType
  package let live: LiveColumn
  let limits: ClosedRange<Double>?
  /// The only values that the column may have; nil if it is not limited to a list of values.
  let allowed: [String]?
  /// The column's name, quoted for use in statements.
  let quoted: String
  /// The column in statements where its table has the alias `t`, such as t."id".
  let subject: String
  /// The fields `seconds` and `nanos` if the column's field is a google.protobuf.Timestamp; else nil.
  let time: (seconds: FieldDescriptor, nanos: FieldDescriptor)?

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
    time = type == .timestamp ? field.message.map { ($0.required("seconds"), $0.required("nanos")) } : nil
  }

  /// The same column with the field of this name in another message; nil if that message has no such field.
  func within(_ message: MessageDescriptor) -> Column? {
    message.field(name).map {
      Column(name: name, field: $0, type: type, live: live, limits: limits, allowed: allowed)
    }
  }

  /// An id as a value of this column's type; nil if the type cannot hold the id.
  func value(ofID id: Int64) -> Value? { type == .int4 ? Int32(exactly: id).map { .int32($0) } : .int64(id) }

  /// Whether the column is a list of ids, which PostgreSQL stores as a JSON array in a text column.
  var holdsIDs: Bool { field.isRepeated }

  /// Whether a new row must have a value for the column: it is not nullable and has no default.
  var isMandatory: Bool { !live.isNullable && live.defaultValue == nil }
}
