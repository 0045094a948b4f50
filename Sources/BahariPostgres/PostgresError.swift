import CPostgres

/// PostgreSQL's five-character error code.
package struct SQLState: Hashable, Sendable, CustomStringConvertible {
  package let code: String

  package init(_ code: String) { self.code = code }

  package var description: String { code }

  /// The statement was forgotten or its plan is stale: prepare it again and repeat it once.
  var asksForNewPlan: Bool { ["26000", "42P05", "0A000"].contains(code) }

  /// A serialization failure or a deadlock: repeating the transaction may help.
  var lostAgainstAnother: Bool { code == "40001" || code == "40P01" }

  /// The statement waited for a lock, or took longer than it may on a connection that others share.
  var holdsUpOthers: Bool { code == "55P03" || code == "57014" }

  /// The connection that said it is of no further use.
  package var endsConnection: Bool {
    code.hasPrefix("08") || code.hasPrefix("57P0") || code == "25006" || code == "25P02"
  }
}

/// An error that PostgreSQL reported: the statement was not applied.
package struct PostgresError: Error, Sendable {
  package let sqlState: SQLState
  /// For the log, never for a caller: PostgreSQL's primary message.
  package let message: String
  package let table: String?
  package let column: String?
  package let constraint: String?

  init(_ result: OpaquePointer) {
    func field(_ code: Character) -> String? {
      PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
    }
    sqlState = SQLState(field("C") ?? "")
    message = field("M") ?? "no message"
    table = field("t")
    column = field("c")
    constraint = field("n")
  }

  /// The connection went away.
  init(lost message: String) {
    sqlState = SQLState("08006")
    self.message = message
    (table, column, constraint) = (nil, nil, nil)
  }
}

/// Why statements have no result.
package enum PostgresFailure: Error, Sendable {
  /// PostgreSQL refused a statement; nothing of its transaction was applied.
  case refused(PostgresError)
  /// There is no connection, or it went away before anything was sent: not applied.
  case unavailable
  /// The connection went away after the statements were sent and before their result: nobody knows.
  case lost
  /// More is waiting than the queue holds: not sent.
  case overloaded
  /// The deadline passed, or the caller went away, before anything was sent.
  case abandoned
}
