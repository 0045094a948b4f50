import BahariFrame
import BahariPostgres

/// SQLSTATE decides, never the text of a message. This is the one table from SQLSTATE to an error.
enum ErrorMapping {
  struct Row: Sendable {
    /// SQLSTATEs, or beginnings of them.
    let states: [String]
    let error: ErrorClass
    /// What they mean where a row is deleted; nil for the same.
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
    Row(.conflict, "40001", "40P01"),
    Row(.deadline, "57014"),
    Row(.busy, "53300", "55P03"),
    Row(.databaseFull, "53100", "53200"),
    Row(.unavailable, "25006", "08", "57P0"),
  ]
  /// What the table does not name.
  static let others = ErrorClass.internalError

  static func errorClass(_ state: SQLState, _ effect: Effect) -> ErrorClass {
    let row = table.first { $0.states.contains { state.code.hasPrefix($0) } }
    guard let row else { return others }
    return effect == .deletes ? row.onDelete ?? row.error : row.error
  }

  /// What a caller is told of a failure. PostgreSQL's own words stay in the log. `path` stands in front of columns'
  /// names: "data.", or nothing where the request itself has the columns.
  static func status(
    _ failure: PostgresFailure, _ effect: Effect, _ resource: Resource, path: String = "data."
  ) -> Status {
    var status: Status
    switch failure {
    case .refused(let error): status = refused(error, effect, resource, path)
    case .unavailable: status = unavailable(resource)
    case .lost: status = Status(.unavailable, "the connection to PostgreSQL was lost", table: resource.table.name)
    case .overloaded:
      status = Status(.overloaded, "too many calls wait for PostgreSQL; try again", table: resource.table.name)
    case .abandoned: status = .cancelled(outcome: nil)
    }
    if effect.changesData, case .lost = failure { status.metadata["outcome"] = "unknown" }
    return status
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

  /// Values that callers give are held against their columns before: what PostgreSQL finds too large was computed.
  private static func tooLarge(_ error: PostgresError, _ resource: Resource) -> String? {
    let derived = resource.table.derived
    guard error.sqlState.code == "22003", !derived.isEmpty else { return nil }
    let sources = Set(derived.flatMap(\.sources)).sorted().joined(separator: ", ")
    return "what is computed of \(sources) is too large for \(derived.map(\.column).joined(separator: ", "))"
  }

  /// The columns of the constraint that was violated, each as a fault of the field behind `path`.
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
