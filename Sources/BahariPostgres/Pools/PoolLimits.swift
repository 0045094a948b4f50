/// How many exclusive connections a pool makes, and how many jobs wait for one.
package struct PoolLimits: Sendable {
  package var size = 4
  /// How many waiters a pool accepts; more are refused.
  package var queue = 1024
  /// The age at which a connection is replaced, varied by up to 10 %. 0 for no limit.
  package var lifetimeNanoseconds: UInt64 = 30 * 60 * 1_000_000_000

  package init() {}
}
