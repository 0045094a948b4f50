import BahariFrame
import BahariPostgres

/// Maps PostgreSQL's errors to the errors that callers get.
///
/// Only the SQLSTATE decides, never the text of PostgreSQL's message: that text depends on version and language.
enum ErrorMapping {
  struct Row: Sendable {
    /// The SQLSTATEs of this row, or prefixes of SQLSTATEs.
    let states: [String]
    let error: ErrorClass
    /// The error if the statement deletes rows; nil if it is the same as for other statements.
    let onDelete: ErrorClass?

    init(_ error: ErrorClass, onDelete: ErrorClass? = nil, _ states: String...) {
      (self.states, self.error, self.onDelete) = (states, error, onDelete)
    }
  }

  static let table = [
    Row(.taken, "23505"),
    Row(.missingReference, onDelete: .stillReferenced, "23503"),
    Row(.missingField, "23502"),
    Row(.invalidValue, "23514", "22001", "22003", "22007", "22008", "22021", "22P02"),
    Row(.conflict, "40000", "40001", "40P01"),
    Row(.deadline, "57014"),
    Row(.busy, "53300", "55P03"),
    Row(.databaseFull, "53100", "53200"),
    Row(.unavailable, "25006", "08", "57P0"),
  ]
  /// The error for every SQLSTATE that the table does not list.
  static let others = ErrorClass.internalError

  static func errorClass(_ state: SQLState, _ effect: Effect) -> ErrorClass {
    let row = table.first { $0.states.contains { state.code.hasPrefix($0) } }
    guard let row else { return others }
    return effect == .deletes ? row.onDelete ?? row.error : row.error
  }

  /// The status that the caller gets for a failure. It never holds PostgreSQL's own error text: that is only logged.
  ///
  /// `path` is put before the names of columns in violations: "data.", or "" if the columns are fields of the request
  /// itself.
  static func status(
    _ failure: PostgresFailure, _ effect: Effect, _ resource: Resource, path: String = "data."
  ) -> Status {
    switch failure {
    case .refused(let error): refused(error, effect, resource, path)
    case .unavailable: unavailable(resource)
    case .lost: Status(.unavailable, "the connection to PostgreSQL was lost", table: resource.table.name)
    case .overloaded:
      Status(.overloaded, "too many calls wait for PostgreSQL; try again", table: resource.table.name)
    case .abandoned: .cancelled(outcome: nil)
    }
  }

  static func unavailable(_ resource: Resource? = nil) -> Status {
    Status(.unavailable, "PostgreSQL cannot be reached at the moment; try again", table: resource?.table.name)
  }

  private static func refused(
    _ error: PostgresError, _ effect: Effect, _ resource: Resource, _ path: String
  ) -> Status {
    let error = (error, errorClass(error.sqlState, effect))
    let table = resource.table.name
    switch error.1 {
    case .taken, .missingReference, .missingField:
      let violations = violations(error.0, resource, path: path)
      let sentence = violations.first.map { "\($0.field): \($0.description)" }
      return Status(
        error.1, sentence ?? "PostgreSQL reports \(error.0.sqlState)", table: table, violations: violations)
    case .stillReferenced:
      let other = error.0.table ?? "another table"
      return Status(
        error.1,
        "the row is still referred to by rows of \(other): delete those first, or let them refer to another row",
        table: table)
    case .invalidValue:
      return Status(
        error.1, tooLarge(error.0, resource) ?? "PostgreSQL refuses a value (\(error.0.sqlState))", table: table)
    case .deadline: return Status(error.1, "PostgreSQL took longer than a statement may take", table: table)
    case .conflict: return Status(error.1, "another write was in the way; try again", table: table)
    case .busy: return Status(error.1, "the table is locked or PostgreSQL is full; try again", table: table)
    case .databaseFull: return Status(error.1, "PostgreSQL has no space left", table: table)
    case .unavailable: return unavailable(resource)
    default: return Status(error.1, "PostgreSQL reports \(error.0.sqlState)", table: table)
    }
  }

  /// The message for a number that is too large for its column (SQLSTATE 22003). Values from callers are checked before
  /// they are sent, so PostgreSQL must have computed the number. Nil for other errors and for tables without computed
  /// columns.
  private static func tooLarge(_ error: PostgresError, _ resource: Resource) -> String? {
    let derived = resource.table.derived
    guard error.sqlState.code == "22003", !derived.isEmpty else { return nil }
    let sources = Set(derived.flatMap(\.sources)).sorted().joined(separator: ", ")
    return "the value computed from \(sources) is too large for \(derived.map(\.column).joined(separator: ", "))"
  }

  /// One violation for each column of the constraint that the statement broke. `path` is put before the column's name.
  static func violations(_ error: PostgresError, _ resource: Resource, path: String) -> [FieldViolation] {
    let columns = error.column.map { [$0] } ?? resource.live.columns(ofConstraint: error.constraint ?? "")
    return columns.map { column in
      let field = path + column
      return switch errorClass(error.sqlState, .changes) {
      case .taken: .wrong(field, "TAKEN", "the value is taken by another row")
      case .missingReference:
        .wrong(field, "REFERENCE_NOT_FOUND", "refers to a row that does not exist in \(resource.target(of: column))")
      case .missingField: .missing(field)
      default: .wrong(field, "REFUSED", "PostgreSQL refuses the value (\(error.sqlState))")
      }
    }
  }
}
