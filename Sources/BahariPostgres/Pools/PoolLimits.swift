/// How many exclusive connections a pool makes, and how many jobs wait for one.
package struct PoolLimits: Sendable {
  package var size = 4
  /// More waiters than this are refused.
  package var queue = 1024
  /// A connection older than this is replaced, give or take 10 %. 0 for no limit.
  package var lifetimeNanoseconds: UInt64 = 30 * 60 * 1_000_000_000

  package init() {}
}
