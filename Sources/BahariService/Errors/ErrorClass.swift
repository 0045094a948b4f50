import BahariCall
import BahariFrame

/// One kind of error that callers can get: the response code of the old service, the gRPC status code, and the reason
/// by which programs recognize the error.
///
/// To add one: define a constant here, list it in `all`, and add a row to the table in `Proto/README.md`. A test
/// compares the table with `all`.
package struct ErrorClass: Sendable, Hashable {
  package let responseCode: String
  package let status: StatusCode
  package let reason: String
  /// When a call gets this error, in English; printed in `Proto/README.md`.
  let meaning: String

  private init(_ responseCode: String, _ status: StatusCode, _ reason: String, _ meaning: String) {
    self.responseCode = responseCode
    self.status = status
    self.reason = reason
    self.meaning = meaning
  }

  static let malformed = ErrorClass(
    "4000000", .invalidArgument, "MALFORMED_REQUEST", "undecodable message, unknown field or operator")
  static let invalidValue = ErrorClass(
    "4000001", .invalidArgument, "INVALID_VALUE", "wrong format, length, list value, date or order of dates")
  static let missingReference = ErrorClass(
    "4000001", .failedPrecondition, "REFERENCE_NOT_FOUND", "refers to a row that does not exist")
  static let missingField = ErrorClass("4000002", .invalidArgument, "MISSING_FIELD", "mandatory field missing")
  static let permissionDenied = ErrorClass(
    "4030001", .permissionDenied, "PERMISSION_DENIED", "the caller may not do this")
  static let wrongState = ErrorClass(
    "4040000", .failedPrecondition, "WRONG_STATE", "the row's state does not allow it: a second check-out")
  static let requestReused = ErrorClass(
    "4040018", .invalidArgument, "REQUEST_ID_REUSED", "idempotency key used again with another body")
  static let notFound = ErrorClass("4040001", .notFound, "NOT_FOUND", "there is no such row")
  static let unknownMethod = ErrorClass("4050000", .unimplemented, "UNKNOWN_METHOD", "unknown service or method")
  static let versionClash = ErrorClass(
    "4090000", .aborted, "VERSION_CLASH", "the row has another version than the caller knows")
  static let conflict = ErrorClass(
    "4090000", .aborted, "CONFLICT", "another write was in the way each time it was tried")
  static let stillReferenced = ErrorClass(
    "4090000", .failedPrecondition, "STILL_REFERENCED", "rows refer to the one to delete")
  static let taken = ErrorClass("4090001", .alreadyExists, "ALREADY_EXISTS", "unique value taken")
  static let overloaded = ErrorClass("4290000", .resourceExhausted, "OVERLOADED", "too many calls wait")
  static let busy = ErrorClass(
    "4290000", .unavailable, "BUSY", "the table is locked, or PostgreSQL takes no more connections")
  /// Unlike `overloaded`, this error is not worth a retry: the same request would be too large again.
  static let frameTooLarge = ErrorClass(
    "4290000", .resourceExhausted, "FRAME_TOO_LARGE", "the request is larger than a frame may be")
  static let replyTooLarge = ErrorClass(
    "4290000", .resourceExhausted, "REPLY_TOO_LARGE", "the reply is larger than a frame may be")
  static let cancelled = ErrorClass("5000000", .cancelled, "CANCELLED", "the caller cancelled the call")
  static let internalError = ErrorClass("5000001", .internal, "INTERNAL", "anything else")
  static let unavailable = ErrorClass(
    "5000002", .unavailable, "DATABASE_UNAVAILABLE", "PostgreSQL cannot be reached, or the server is shutting down")
  static let databaseFull = ErrorClass(
    "5000002", .resourceExhausted, "DATABASE_FULL", "PostgreSQL has no space or memory left")
  static let deadline = ErrorClass(
    "5040000", .deadlineExceeded, "DEADLINE_EXCEEDED", "deadline, or PostgreSQL's limit on a statement's time")

  /// Every error that this service returns, in the order of the old service's codes.
  static let all: [ErrorClass] = [
    malformed, invalidValue, missingReference, missingField, permissionDenied, wrongState, notFound, requestReused,
    unknownMethod, versionClash, conflict, stillReferenced, taken, overloaded, busy, frameTooLarge, replyTooLarge,
    cancelled, internalError, unavailable, databaseFull, deadline,
  ]

  /// A code of the old service that this service never returns. It stays reserved, so that no other error reuses it.
  struct Reserved: Sendable {
    let responseCode: String
    let status: StatusCode
    let meaning: String
    /// Why this service never returns it; printed in `Proto/README.md`.
    let reason: String
  }

  static let reserved = [
    Reserved(
      responseCode: "4010000", status: .unauthenticated, meaning: "unknown caller",
      reason: "the kernel names the user at the other end of every socket; a connection without one is closed "
        + "before its first call"),
    Reserved(
      responseCode: "4030006", status: .failedPrecondition, meaning: "read-only or migrating",
      reason: "no table is served before its schema is current: until then calls get UNAVAILABLE 5000002, which "
        + "clients retry; so do writes to a database that became read-only (SQLSTATE 25006)"),
  ]
}

extension Status {
  /// The status that the caller gets when the connection refuses a frame.
  init(_ refusal: FrameRefusal) {
    let error: ErrorClass =
      switch refusal.reason {
      case .malformed: .malformed
      case .overloaded: .overloaded
      case .frameTooLarge: .frameTooLarge
      }
    self.init(error, refusal.message)
    // A frame that is refused starts no call.
    metadata["outcome"] = WriteOutcome.notApplied.rawValue
  }

  package init(_ error: ErrorClass, _ message: String, table: String? = nil, violations: [FieldViolation] = []) {
    self.init(error.status, message)
    reason = error.reason
    metadata = ["response_code": error.responseCode]
    metadata["table"] = table
    self.violations = violations
    if error.status == .unavailable || error == .overloaded { retryDelayNanoseconds = 200_000_000 }
  }

  static func malformed(_ message: String, field: String? = nil, reason: String = "MALFORMED") -> Status {
    let violations = field.map { [FieldViolation(field: $0, description: message, reason: reason)] } ?? []
    let sentence = field.map { "\($0): \(message)" } ?? message
    return Status(.malformed, sentence, violations: violations)
  }

  static func invalid(_ violations: [FieldViolation], table: String? = nil) -> Status {
    // A request with several violations gets the error of a missing field first, then of an unknown field, then of a
    // wrong value: the contract promises this order.
    let missing = violations.contains { $0.reason == FieldViolation.missingReason }
    let unknown = violations.contains { $0.reason == FieldViolation.unknownReason }
    let error: ErrorClass = missing ? .missingField : unknown ? .malformed : .invalidValue
    let first = violations.first.map { "\($0.field): \($0.description)" } ?? "the request is invalid"
    let sentence = violations.count > 1 ? "\(first) (and \(violations.count - 1) more)" : first
    return Status(error, sentence, table: table, violations: Array(violations.prefix(CallLimits.violations)))
  }

  static func replyTooLarge(_ bytes: Int) -> Status {
    Status(
      .replyTooLarge,
      "the reply takes \(bytes) bytes and a frame holds \(ServiceLimits.replyBytes); ask for fewer rows or fields")
  }

  static func deadlineExceeded(outcome: String?) -> Status {
    var status = Status(.deadline, "the deadline passed before the answer was there")
    status.metadata["outcome"] = outcome
    return status
  }

  static func cancelled(outcome: String?) -> Status {
    var status = Status(ErrorClass.cancelled, "the caller cancelled the call")
    status.metadata["outcome"] = outcome
    return status
  }
}

extension FieldViolation {
  static let missingReason = "MISSING"
  static let unknownReason = "UNKNOWN_FIELD"

  static func missing(_ field: String) -> FieldViolation {
    FieldViolation(field: field, description: "is mandatory and missing", reason: missingReason)
  }

  static func unknown(_ field: String, _ description: String) -> FieldViolation {
    FieldViolation(field: field, description: description, reason: unknownReason)
  }

  static func wrong(_ field: String, _ reason: String, _ description: String) -> FieldViolation {
    FieldViolation(field: field, description: description, reason: reason)
  }
}
