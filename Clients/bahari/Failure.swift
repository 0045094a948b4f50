import BahariClient

/// Why a command did not do what it was asked; a fault found here, without the daemon.
struct Failure: Error, Equatable {
  var code: BahariError.Code
  var message: String

  init(_ code: BahariError.Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// The exit codes, by class of failure; `Clients/README.md` and `bahari --help` print this table.
enum ExitStatus: Int32, CaseIterable {
  case usage = 64
  case refused = 65
  case notFound = 66
  case unavailable = 69
  case fault = 70
  case inputOutput = 74
  case tryLater = 75
  case notPermitted = 77
  case interrupted = 130

  var meaning: String {
    switch self {
    case .usage: "the command or a value in it is wrong"
    case .refused: "refused: a value is taken, a version or state does not fit, rows of an import are bad"
    case .notFound: "there is no such row, or no such file"
    case .unavailable: "no daemon answers, or it is not serving"
    case .fault: "a fault in the daemon or in this program"
    case .inputOutput: "a file or the output cannot be read or written"
    case .tryLater: "the time was up, or there was too much load"
    case .notPermitted: "this user may not do that"
    case .interrupted: "cancelled"
    }
  }

  init(_ code: BahariError.Code) {
    switch code {
    case .invalidArgument, .outOfRange, .unimplemented: self = .usage
    case .alreadyExists, .failedPrecondition, .aborted: self = .refused
    case .notFound: self = .notFound
    case .unavailable: self = .unavailable
    case .deadlineExceeded, .resourceExhausted: self = .tryLater
    case .permissionDenied, .unauthenticated: self = .notPermitted
    case .cancelled: self = .interrupted
    case .unknown, .internal, .dataLoss: self = .fault
    }
  }

  /// For `bahari --help`.
  static var table: String {
    (["  0  all went well"] + allCases.map { ($0.rawValue < 100 ? " " : "") + "\($0.rawValue)  \($0.meaning)" })
      .joined(separator: "\n")
  }
}

/// An error as a block for people.
enum ErrorText {
  static func block(_ error: BahariError) -> String {
    var lines = ["error: \(TableText.escaped(error.message))"]
    for fault in error.violations {
      lines.append("  \(TableText.escaped(fault.field)): \(TableText.escaped(fault.description))")
    }
    let code = error.responseCode.map { " \($0)" } ?? ""
    lines.append("  (\(error.code.name)\(code)\(error.outcome == .unknown ? ", outcome unknown" : ""))")
    if let advice = advice(error) { lines.append("  \(advice)") }
    return lines.joined(separator: "\n")
  }

  private static func advice(_ error: BahariError) -> String? {
    if let wait = error.retryAfter { return "try again in \(wait)" }
    switch error.code {
    case .aborted: return "read the row again and repeat the change on what it is now"
    case .deadlineExceeded: return "give it more time with --timeout SECONDS"
    case .unimplemented: return "`bahari describe` lists what the daemon serves"
    case .permissionDenied, .unauthenticated: return "ask the daemon's owner for the right to do this"
    default: return nil
    }
  }
}
