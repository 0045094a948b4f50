import BahariPostgres

/// Repeats a migration or an undo whose transaction failed because of other sessions' locks, for example in a deadlock.
/// The transaction was rolled back, so it can be repeated as a whole.
struct LockRetry {
  /// How often the work is tried before its failure is thrown.
  let attempts: Int
  /// Called after each failed attempt that will be repeated, with the number of the attempt.
  let onFailure: @Sendable (_ attempt: Int, _ failure: MigrationFailure) -> Void

  func run<T>(_ body: () async throws -> T) async throws -> T {
    var attempt = 1
    while true {
      do {
        return try await body()
      } catch let failure as MigrationFailure where failure.isLockConflict && attempt < attempts {
        onFailure(attempt, failure)
        attempt += 1
        try await Task.sleep(for: .milliseconds(Int.random(in: 100...1_000)))
      }
    }
  }
}

extension MigrationFailure {
  var isLockConflict: Bool {
    guard case .statement(_, let error) = cause else { return false }
    return error.isLockConflict
  }
}

extension PostgresError {
  /// Whether the error is a deadlock, or a wait for a lock that took longer than lock_timeout.
  var isLockConflict: Bool { ["40P01", "55P03"].contains(sqlState.code) }
}
