/// PostgreSQL's five-character error code.
package struct SQLState: Hashable, Sendable, CustomStringConvertible {
  package let code: String

  package init(_ code: String) { self.code = code }

  package var description: String { code }

  /// The prepared statement is gone or its plan is stale: to be prepared again.
  var asksForNewPlan: Bool { ["26000", "42P05", "0A000"].contains(code) }

  /// A serialization failure or a deadlock: sending the transaction again may help.
  var lostAgainstAnother: Bool { code == "40001" || code == "40P01" }

  /// The statement waited for a lock, or took longer than allowed on a connection that others share.
  var holdsUpOthers: Bool { code == "55P03" || code == "57014" }

  /// The connection that returned it is useless from now on.
  package var endsConnection: Bool {
    code.hasPrefix("08") || code.hasPrefix("57P0") || code == "25006" || code == "25P02"
  }
}
