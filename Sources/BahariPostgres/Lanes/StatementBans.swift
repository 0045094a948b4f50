/// Statements that met a lock or took too long on a lane. For a while their jobs go to exclusive connections without
/// another try on the lane. As a rule there are none.
struct StatementBans {
  private var ends: [Statement: UInt64] = [:]
  static let nanoseconds: UInt64 = 1_000_000_000
  /// Bounds the memory: beyond this many, all are forgotten.
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
