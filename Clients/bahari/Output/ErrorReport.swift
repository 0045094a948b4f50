import BahariClient

/// Formats an error of a command: as lines of text for people, or as a JSON object for programs.
struct ErrorReport {
  var error: BahariError

  init(_ error: BahariError) { self.error = error }

  /// Makes the report of a failure that the CLI found itself, with the code that the daemon would use.
  init(_ failure: Failure) {
    error = BahariError(failure.code, failure.message)
    error.violations = failure.violations
  }

  var status: ExitStatus { ExitStatus(error.code) }

  /// The response code of seven digits, as in the daemon's replies; derived from the status if the error has none.
  var responseCode: String {
    if let code = error.responseCode { return code }
    return switch error.code {
    case .invalidArgument, .outOfRange: "4000000"
    case .unauthenticated: "4010000"
    case .permissionDenied: "4030001"
    case .failedPrecondition: "4040000"
    case .notFound: "4040001"
    case .unimplemented: "4050000"
    case .aborted: "4090000"
    case .alreadyExists: "4090001"
    case .resourceExhausted: "4290000"
    case .cancelled: "5000000"
    case .unavailable: "5000002"
    case .deadlineExceeded: "5040000"
    case .unknown, .internal, .dataLoss: "5000001"
    }
  }

  // MARK: For people

  /// Returns the lines for people: the message, each violation, the code, and advice.
  func block(_ screen: Screen = .plain) -> String {
    var lines = ["\(screen.red("error:")) \(TableText.escaped(error.message))"]
    let violations = error.violations.map { $0.field.isEmpty ? $0.description : "\($0.field): \($0.description)" }
    // Leave out a single violation if the message already has the same text.
    if violations != [error.message] { lines += violations.map { "  " + TableText.escaped($0) } }
    let code = error.responseCode.map { " \($0)" } ?? ""
    // The outcome of most errors is that nothing was written, which goes without saying.
    let outcome = error.outcome == .notApplied ? "" : ", outcome \(error.outcome.rawValue)"
    lines.append("  (\(error.code.name)\(code)\(outcome))")
    lines += advice.map { "  \($0)" }
    return lines.joined(separator: "\n")
  }

  private var advice: [String] {
    var advice: [String] = []
    if let wait = error.retryAfter { advice.append("try again in \(wait)") }
    if error.outcome == .unknown {
      advice.append(
        error.metadata["request_id"].map { "repeat it with --request-id \($0): it takes effect once" }
          ?? "whether it was written is unknown: read before writing again")
    }
    if error.outcome == .applied { advice.append("the write is done, only the reply is missing: do not repeat it") }
    switch error.code {
    case .aborted where error.retryAfter == nil:
      advice.append("read the row again and repeat the change with its new version")
    case .deadlineExceeded: advice.append("give it more time with --timeout SECONDS")
    case .unimplemented: advice.append("`bahari describe` lists what the daemon serves")
    case .permissionDenied where error.responseCode != nil, .unauthenticated:
      advice.append("ask the daemon's owner for the permission")
    default: break
    }
    return advice
  }

  // MARK: For programs

  /// The JSON object for programs: the envelope of a reply, with `error` in place of `data`.
  var json: String {
    var bytes: [UInt8] = []
    func member(_ name: String, _ value: String, _ separator: String = ",") {
      bytes += "\(separator)\"\(name)\":".utf8
      JSONText.string(value, to: &bytes)
    }
    let phrase = error.code.name.split(separator: "_").joined(separator: " ").lowercased()
    member("responseCode", responseCode, "{")
    member("responseMessage", phrase.prefix(1).uppercased() + phrase.dropFirst())
    member("message", error.message)
    bytes += ",\"error\":".utf8
    member("code", error.code.name, "{")
    member("outcome", error.outcome.rawValue)
    bytes += ",\"violations\":[".utf8
    for (index, violation) in error.violations.enumerated() {
      member("field", violation.field, index > 0 ? ",{" : "{")
      member("description", violation.description)
      member("reason", violation.reason)
      bytes += "}".utf8
    }
    bytes += "]".utf8
    if let id = error.metadata["request_id"] { member("requestId", id) }
    if let wait = error.retryAfter { bytes += ",\"retryAfterMilliseconds\":\(wait / .milliseconds(1))".utf8 }
    member("advice", advice.joined(separator: "; "))
    bytes += "}}".utf8
    return String(decoding: bytes, as: UTF8.self)
  }

  // MARK: Output

  /// Whether the command line asks for JSON output; then all errors are JSON, too, including usage errors.
  static let isJSON: Bool = {
    let words = CommandLine.arguments.prefix { $0 != "--" }
    return zip(words, words.dropFirst()).contains {
      ["-o", "--output"].contains($0) && ["json", "jsonl"].contains($1)
    }
      || words.contains {
        ["--output=json", "--output=jsonl", "-o=json", "-o=jsonl", "-ojson", "-ojsonl"].contains($0)
      }
  }()

  /// Writes the report to standard error.
  func write() {
    StandardError.write((ErrorReport.isJSON ? json : block(.messages)) + "\n")
  }
}
