import BahariClient

/// The error of a command that the CLI finds itself, without the daemon.
struct Failure: Error, Equatable {
  var code: BahariError.Code
  var message: String
  var violations: [BahariError.Violation] = []

  init(_ code: BahariError.Code, _ message: String, violations: [BahariError.Violation] = []) {
    self.code = code
    self.message = message
    self.violations = violations
  }
}
