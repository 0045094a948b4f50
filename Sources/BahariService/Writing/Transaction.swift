import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// Statements that begin and end transactions and savepoints.
enum Transaction {
  static let begin = Bound(Statement("BEGIN"))
  static let beginSnapshot = Bound(Statement("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
  static let commit = Bound(Statement("COMMIT"))
  static let rollback = Bound(Statement("ROLLBACK"))
  static let savepoint = Bound(Statement("SAVEPOINT row"))
  static let release = Bound(Statement("RELEASE SAVEPOINT row"))
  static let rollbackToSavepoint = Bound(Statement("ROLLBACK TO SAVEPOINT row"))
}
