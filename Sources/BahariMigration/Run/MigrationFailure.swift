import BahariPostgres

/// The error of a migration or an undo whose transaction was begun and failed. Unless the cause is `.unknown`, the
/// transaction was rolled back.
package struct MigrationFailure: Error, Sendable, CustomStringConvertible {
  package enum Cause: Sendable {
    /// PostgreSQL refused a statement.
    case statement(String, PostgresError)
    /// A check found a difference: rows, values, keys, sequences or the catalog.
    case check(String, differences: [String])
    /// The connection broke during the commit: only the database shows whether the transaction was committed.
    case unknown(PostgresError)
  }

  package let phase: Int?
  package let cause: Cause
  /// Committed phases that were undone because of this failure, and the error of that undo if it failed.
  package internal(set) var undone: [Int] = []
  package internal(set) var undoProblem: String?

  package init(phase: Int?, cause: Cause) { (self.phase, self.cause) = (phase, cause) }

  package var description: String {
    let place = phase.map { "phase \($0): " } ?? ""
    let text =
      switch cause {
      case .statement(let sql, let error): "\(error.sqlState) \(error.message) in: \(sql)"
      case .check(let name, let differences): "\(name): " + differences.joined(separator: "; ")
      case .unknown(let error):
        "\(error.sqlState) \(error.message) during the commit, which may have happened or not: "
          + "see baharid migrate status"
      }
    if case .unknown = cause { return place + text }
    let after =
      undone.isEmpty
      ? "" : "; phases \(undone.map { "\($0)" }.joined(separator: ", ")) were undone"
    return place + text + "; rolled back" + after + (undoProblem.map { "; undo failed: \($0)" } ?? "")
  }
}
