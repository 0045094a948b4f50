import BahariClient

/// An error that the CLI finds itself, as opposed to an error that the daemon returns.
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
