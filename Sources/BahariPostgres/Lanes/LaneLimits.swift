/// How much work a lane accepts and keeps in flight. To add a limit: name it with its unit and give the reason.
package struct LaneLimits: Sendable {
  /// Groups in flight before further work waits: PostgreSQL runs one while the next is ready in its buffer.
  package var groups = 2
  /// The same when enough work waits to fill a group.
  package var fullGroups = 8
  /// Statements, or keys of a statement, that fill a group. Larger groups would save PostgreSQL little, and would
  /// make callers, daemon and PostgreSQL take turns where they can work at the same time.
  package var groupWeight = 32
  /// Jobs and gathered callers that may wait; more are refused.
  package var queue = 8192

  package init() {}

  /// Every statement is a group of its own and is sent as it comes; for comparison with batching.
  package static var unbatched: LaneLimits {
    var limits = LaneLimits()
    (limits.groups, limits.fullGroups, limits.groupWeight) = (512, 512, 1)
    return limits
  }

  /// One statement in flight at a time; for connection poolers that do not support pipelining.
  package static var unpipelined: LaneLimits {
    var limits = LaneLimits()
    (limits.groups, limits.fullGroups, limits.groupWeight) = (1, 1, 1)
    return limits
  }
}
