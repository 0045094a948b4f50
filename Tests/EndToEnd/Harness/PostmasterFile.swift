import Foundation
import TestSupport

/// The facts in postmaster.pid, which a cluster's server writes about itself.
struct PostmasterFile: Sendable {
  private let path: String

  /// `folder` is the cluster's.
  init(in folder: String) { path = folder + "/data/postmaster.pid" }

  private var lines: [Substring] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The number of the server's first process; nil while there is none.
  var process: pid_t? { lines.first.flatMap { pid_t($0) } }

  /// The moment from which a server other than `former` takes connections; waits for it.
  func ready(after former: pid_t) async throws -> ContinuousClock.Instant {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(120)
    while clock.now < deadline {
      let lines = lines
      // Line 8 is the status.
      if lines.count > 7, pid_t(lines[0]) != former, lines[7].hasPrefix("ready") { return clock.now }
      // Milliseconds matter to the caller, so this polls more often than `eventually` does.
      try await Task.sleep(for: .milliseconds(1))
    }
    throw Trouble("\(path) names no server that is ready")
  }
}
