/// Statements that waited for a lock or took too long on a lane. For a while their jobs go to exclusive connections
/// without another attempt on the lane. Usually there are no such statements.
struct StatementBans {
  private var ends: [Statement: UInt64] = [:]
  static let nanoseconds: UInt64 = 1_000_000_000
  /// How many bans are kept. When there are more, all are forgotten, so that the memory stays bounded.
  static let capacity = 100

  mutating func add(_ statements: [Bound], now: UInt64) {
    if ends.count > StatementBans.capacity { ends.removeAll() }
    for bound in statements { ends[bound.statement] = now + StatementBans.nanoseconds }
  }

  /// Whether one of `statements` is banned. A ban that has ended is removed.
  mutating func apply(to statements: [Bound], now: UInt64) -> Bool {
    guard !ends.isEmpty else { return false }
    return statements.contains { bound in
      guard let end = ends[bound.statement] else { return false }
      if end > now { return true }
      ends[bound.statement] = nil
      return false
    }
  }
}
