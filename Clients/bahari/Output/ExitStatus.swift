import BahariClient

/// The exit codes by class of failure. `bahari --help` prints them, and `Clients/bahari/README.md` lists them; a test
/// compares both.
enum ExitStatus: Int32, CaseIterable {
  case usage = 64
  case refused = 65
  case notFound = 66
  case unavailable = 69
  case fault = 70
  case conflict = 73
  case inputOutput = 74
  case tryLater = 75
  case notPermitted = 77
  case interrupted = 130
  case closedPipe = 141

  var meaning: String {
    switch self {
    case .usage: "usage: the command or a value in it is wrong"
    case .refused:
      "refused: the row's state forbids it, other rows refer to it or are missing, or rows of an import are bad"
    case .notFound: "not found: the row or the file does not exist"
    case .unavailable: "unavailable: no daemon answers, or it is not serving"
    case .fault: "an internal error of the daemon or of this program"
    case .conflict: "conflict: the value is taken, or the row has another version"
    case .inputOutput: "a file or the output cannot be read or written"
    case .tryLater: "the deadline passed, or the load is too high"
    case .notPermitted: "this user lacks the permission"
    case .interrupted: "cancelled; Ctrl-C ends any command at once, by its signal"
    case .closedPipe: "the reader of the output is gone"
    }
  }

  init(_ code: BahariError.Code) {
    switch code {
    case .invalidArgument, .outOfRange, .unimplemented: self = .usage
    case .failedPrecondition: self = .refused
    case .alreadyExists, .aborted: self = .conflict
    case .notFound: self = .notFound
    case .unavailable: self = .unavailable
    case .deadlineExceeded, .resourceExhausted: self = .tryLater
    case .permissionDenied, .unauthenticated: self = .notPermitted
    case .cancelled: self = .interrupted
    case .unknown, .internal, .dataLoss: self = .fault
    }
  }

  /// The exit codes with their meanings as lines of text, for `bahari --help`.
  static var table: String {
    (["  0  success"] + allCases.map { ($0.rawValue < 100 ? " " : "") + "\($0.rawValue)  \($0.meaning)" })
      .joined(separator: "\n")
  }
}
