/// What is known about the write of a call. Errors report it, so that callers know whether they may repeat the call.
enum WriteOutcome: String {
  /// Nothing of the write is in the database, and nothing of it will be.
  case notApplied = "not_applied"
  /// The write may be in the database: PostgreSQL has not answered yet, or its answer was lost.
  case unknown
  /// The write is in the database; only the reply is missing.
  case applied
}
