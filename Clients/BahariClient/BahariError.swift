import BahariFrame

/// The error that a failed call throws.
///
/// It describes both refusals by the daemon and failures of the connection. `code` is the class of the failure;
/// `outcome` tells whether the call's write may have taken place nevertheless.
public struct BahariError: Error, Sendable, Hashable {
  /// The classes of failures: gRPC's status codes, with gRPC's names and numbers.
  public enum Code: Int32, Sendable, CaseIterable {
    case cancelled = 1
    case unknown, invalidArgument, deadlineExceeded, notFound, alreadyExists, permissionDenied
    case resourceExhausted, failedPrecondition, aborted, outOfRange, unimplemented, `internal`, unavailable
    case dataLoss, unauthenticated

    /// The code's name as gRPC writes it, such as `INVALID_ARGUMENT`.
    public var name: String { StatusCode(rawValue: rawValue)?.name ?? "UNKNOWN" }
  }

  /// Whether the write of a failed call took place; `notApplied` for every read.
  public enum Outcome: String, Sendable {
    /// The call wrote nothing and can be repeated.
    case notApplied = "not_applied"
    /// The write may have taken place: read before repeating the call, or repeat it under the same request id.
    case unknown
    /// The write took place; only its reply could not be read.
    case applied
  }

  /// Why a call failed whose connection was lost or could not be opened.
  enum Loss: Sendable {
    /// The connection was lost after the call had been sent.
    case lost
    /// The call was not sent: the client could not connect, although it was connected within the last 15 seconds.
    case unreachable
  }

  /// A field of the request that the daemon refused, and why.
  public struct Violation: Sendable, Hashable {
    /// The field's path in the request, such as `name` or `data[12].name`.
    public var field: String
    /// The violation as one sentence for people; the sentence does not name the field.
    public var description: String
    /// The kind of violation as a constant for programs, such as `TOO_LONG`.
    public var reason: String

    /// Creates the description of one field's violation.
    public init(field: String, description: String, reason: String) {
      self.field = field
      self.description = description
      self.reason = reason
    }
  }

  /// The class of the failure.
  public var code: Code
  /// One sentence for people that describes the failure and names its subject.
  public var message: String
  /// The daemon's response code, seven digits such as `4040001`; nil if the error did not come from the daemon.
  public var responseCode: String?
  /// The cause as a constant for programs, such as `VERSION_CLASH`; nil if the error did not come from the daemon.
  public var reason: String?
  /// All violations that the daemon found in the request, at most 100; empty if no field caused the failure.
  public var violations: [Violation] = []
  /// Whether the write of the failed call took place; `notApplied` for every read.
  public var outcome: Outcome
  /// All details that the daemon sent by name, such as `table`, `response_code` and `outcome`.
  public var metadata: [String: String] = [:]
  /// How long the daemon asks the caller to wait before repeating the call; nil if it does not ask for that.
  public var retryAfter: Duration?
  /// How the connection failed; nil if the call failed for another reason, such as a refusal or a passed deadline.
  var loss: Loss?

  /// Creates an error that has only a code, a message and an outcome.
  ///
  /// - Parameters:
  ///   - code: the class of the failure.
  ///   - message: one sentence that names the subject of the failure and, where possible, a remedy.
  ///   - outcome: whether the write of the failed call took place.
  public init(_ code: Code, _ message: String, outcome: Outcome = .notApplied) {
    self.code = code
    self.message = message
    self.outcome = outcome
  }

  /// Creates the error for a status with which the daemon refused a call. `outcome` is `notApplied` for a read,
  /// otherwise the outcome in the status, or `unknown` if the status has none.
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
  /// The code, the message and all violations on one line.
  public var description: String {
    let details = violations.map { "\($0.field): \($0.description)" }
    return "\(code.name): \(message)" + (details.isEmpty ? "" : " (\(details.joined(separator: "; ")))")
  }
}
