/// PostgreSQL's five-character error code.
package struct SQLState: Hashable, Sendable, CustomStringConvertible {
  package let code: String

  package init(_ code: String) { self.code = code }

  package var description: String { code }

  /// Whether the prepared statement is gone or its plan is stale, so that it has to be prepared again.
  var asksForNewPlan: Bool { ["26000", "42P05", "0A000"].contains(code) }

  /// Whether the code stands for a serialization failure or a deadlock; the same transaction may succeed when it is
  /// sent again.
  package var lostAgainstAnother: Bool { code == "40001" || code == "40P01" }

  /// Whether the statement could not get a lock in time, or took longer than a shared connection allows.
  var holdsUpOthers: Bool { code == "55P03" || code == "57014" }

  /// Whether the connection that returned this code cannot be used any more.
  package var endsConnection: Bool {
    code.hasPrefix("08") || code.hasPrefix("57P0") || code == "25006" || code == "25P02"
  }
}
