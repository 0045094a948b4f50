import BahariFrame

/// Why a call did not give its reply.
///
/// A server's refusal and a fault of the connection look the same to the caller: `code` says what class
/// of failure it is, `outcome` whether a write may have happened all the same.
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

  /// What became of a write that ended with an error; that of a read is always `notApplied`.
  public enum Outcome: String, Sendable {
    /// Nothing was written; the call can be made again.
    case notApplied = "not_applied"
    /// It may have been written or not: read before making the call again, or make it again under the same
    /// request id.
    case unknown
    /// It was written, and only its reply cannot be read.
    case applied
  }

  /// How the connection failed the call.
  enum Loss: Sendable {
    /// The call had been sent.
    case lost
    /// It had not: the daemon was there before and is not now.
    case unreachable
  }

  /// One fault of the request.
  public struct Violation: Sendable, Hashable {
    /// The field's path in the request: `name`, `data[12].name`.
    public var field: String
    /// One sentence for people.
    public var description: String
    /// UPPER_SNAKE, for programs.
    public var reason: String

    /// A fault of one field.
    public init(field: String, description: String, reason: String) {
      self.field = field
      self.description = description
      self.reason = reason
    }
  }

  /// The class of the failure.
  public var code: Code
  /// One sentence that names the subject.
  public var message: String
  /// Seven digits such as `4040001`; nil where the failure did not come from the server.
  public var responseCode: String?
  /// UPPER_SNAKE, for programs, such as `VERSION_CLASH`; nil where the failure did not come from the server.
  public var reason: String?
  /// Every fault of the request, each with its field; empty where no field is at fault.
  public var violations: [Violation] = []
  /// Whether a write may have been applied.
  public var outcome: Outcome
  /// What the server adds, such as `table`; `response_code` and `outcome` are in here too.
  public var metadata: [String: String] = [:]
  /// After how long the call may succeed; nil where the server names no time.
  public var retryAfter: Duration?
  /// Nil where the daemon itself refused, or nobody answered in time.
  var loss: Loss?

  /// An error without details.
  ///
  /// - Parameters:
  ///   - code: the class of the failure.
  ///   - message: one sentence that names the subject and, where possible, what to do.
  ///   - outcome: what became of the write, if it was one.
  public init(_ code: Code, _ message: String, outcome: Outcome = .notApplied) {
    self.code = code
    self.message = message
    self.outcome = outcome
  }

  /// A server's refusal. One of a write that does not say what became of it leaves that open; a read has
  /// nothing to apply.
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
    let faults = violations.map { "\($0.field): \($0.description)" }
    return "\(code.name): \(message)" + (faults.isEmpty ? "" : " (\(faults.joined(separator: "; ")))")
  }
}
