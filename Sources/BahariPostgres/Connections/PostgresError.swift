import CPostgres

/// An error that PostgreSQL reported: the statement was not applied.
package struct PostgresError: Error, Sendable {
  package let sqlState: SQLState
  /// PostgreSQL's primary message; for the log, never for a caller.
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

  /// Makes the error of a lost connection, with SQLSTATE 08006.
  init(lost message: String) { self.init(SQLState("08006"), message) }

  init(_ sqlState: SQLState, _ message: String) {
    self.sqlState = sqlState
    self.message = message
    (table, column, constraint) = (nil, nil, nil)
  }
}
