import BahariPostgres

/// A transaction was begun and rolled back.
package struct MigrationFailure: Error, Sendable, CustomStringConvertible {
  package enum Cause: Sendable {
    /// PostgreSQL refused a statement.
    case statement(String, PostgresError)
    /// A check found a difference: rows, values, keys, sequences or the catalog.
    case check(String, differences: [String])
    /// The connection went away while the transaction was committed: only the database knows whether it was.
    case unknown(PostgresError)
  }

  package let phase: Int?
  package let cause: Cause
  /// Committed phases that were undone because of it, and the words of an undo that failed.
  package internal(set) var undone: [Int] = []
  package internal(set) var undoProblem: String?

  package init(phase: Int?, cause: Cause) { (self.phase, self.cause) = (phase, cause) }

  package var description: String {
    let place = phase.map { "phase \($0): " } ?? ""
    let what =
      switch cause {
      case .statement(let sql, let error): "\(error.sqlState) \(error.message) in: \(sql)"
      case .check(let name, let differences): "\(name): " + differences.joined(separator: "; ")
      case .unknown(let error):
        "\(error.sqlState) \(error.message) while committing: whether it was committed is known to the database alone; "
          + "see baharid migrate status"
      }
    if case .unknown = cause { return place + what }
    let after =
      undone.isEmpty
      ? "" : "; phases \(undone.map { "\($0)" }.joined(separator: ", ")) were undone"
    return place + what + "; nothing of it was kept" + after + (undoProblem.map { "; undo failed: \($0)" } ?? "")
  }
}
