import BahariFrame

/// The error of a call.
///
/// Refusals by the daemon and failures of the connection have the same type: `code` is the class of the failure,
/// `outcome` whether a write may have taken place nevertheless.
public struct BahariError: Error, Sendable, Hashable {
  /// gRPC's status codes, by name and number.
  public enum Code: Int32, Sendable, CaseIterable {
    case cancelled = 1
    case unknown, invalidArgument, deadlineExceeded, notFound, alreadyExists, permissionDenied
    case resourceExhausted, failedPrecondition, aborted, outOfRange, unimplemented, `internal`, unavailable
    case dataLoss, unauthenticated

    /// As gRPC writes it: `INVALID_ARGUMENT`.
    public var name: String { StatusCode(rawValue: rawValue)?.name ?? "UNKNOWN" }
  }

  /// Whether a failed write took place; `notApplied` for every read.
  public enum Outcome: String, Sendable {
    /// Nothing was written; the call can be repeated.
    case notApplied = "not_applied"
    /// The write may have taken place: read before repeating the call, or repeat it under the same request id.
    case unknown
    /// The write took place; only its reply could not be read.
    case applied
  }

  /// How a call failed with its connection.
  enum Loss: Sendable {
    /// The connection was lost after the call had been sent.
    case lost
    /// The call was not sent: a daemon that answered before does not accept connections now.
    case unreachable
  }

  /// One violation in the request.
  public struct Violation: Sendable, Hashable {
    /// The field's path in the request: `name`, `data[12].name`.
    public var field: String
    /// One sentence for people, without the field.
    public var description: String
    /// For programs, in UPPER_SNAKE: `TOO_LONG`.
    public var reason: String

    /// A violation of one field.
    public init(field: String, description: String, reason: String) {
      self.field = field
      self.description = description
      self.reason = reason
    }
  }

  /// The class of the failure.
  public var code: Code
  /// One sentence that names the subject of the failure.
  public var message: String
  /// The daemon's seven digits, such as `4040001`; nil if the error did not come from the daemon.
  public var responseCode: String?
  /// For programs, in UPPER_SNAKE, such as `VERSION_CLASH`; nil if the error did not come from the daemon.
  public var reason: String?
  /// Every violation in the request, at most 100; empty if no field is at fault.
  public var violations: [Violation] = []
  /// Whether a write may have taken place.
  public var outcome: Outcome
  /// The daemon's further details, such as `table`; includes `response_code` and `outcome`.
  public var metadata: [String: String] = [:]
  /// How long to wait before repeating the call; nil if the daemon names no time.
  public var retryAfter: Duration?
  /// Set if the connection failed; nil if the daemon refused the call or the deadline passed.
  var loss: Loss?

  /// An error without details.
  ///
  /// - Parameters:
  ///   - code: the class of the failure.
  ///   - message: one sentence that names the subject and, where possible, what to do.
  ///   - outcome: whether a write took place.
  public init(_ code: Code, _ message: String, outcome: Outcome = .notApplied) {
    self.code = code
    self.message = message
    self.outcome = outcome
  }

  /// The daemon's refusal. A write whose status has no outcome gets `unknown`; a read is always `notApplied`.
  init(_ status: Status, isRead: Bool) {
    self.init(
      Code(rawValue: status.code.rawValue) ?? .unknown, status.message, outcome: isRead ? .notApplied : .unknown)
    metadata = status.metadata
    responseCode = status.metadata["response_code"]
    reason = status.reason.isEmpty ? nil : status.reason
    if !isRead, let outcome = status.metadata["outcome"].flatMap(Outcome.init) { self.outcome = outcome }
    violations = status.violations.map {
      Violation(field: $0.field, description: $0.description, reason: $0.reason)
    }
    retryAfter = status.retryDelayNanoseconds.map { .nanoseconds($0) }
  }
}

extension BahariError: CustomStringConvertible {
  /// Code, message and every violation on one line.
  public var description: String {
    let details = violations.map { "\($0.field): \($0.description)" }
    return "\(code.name): \(message)" + (details.isEmpty ? "" : " (\(details.joined(separator: "; ")))")
  }
}
