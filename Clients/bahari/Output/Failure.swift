import BahariClient

/// Why a command did not do what it was asked; a fault found here, without the daemon.
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
