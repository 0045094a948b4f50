/// How much work a lane accepts and keeps in flight. To add a limit: name it with its unit and give the reason.
package struct LaneLimits: Sendable {
  /// How many groups may be in flight before further work waits: PostgreSQL runs one while the next is ready in its
  /// buffer.
  package var groups = 2
  /// How many groups may be in flight while the work that waits fills a whole group.
  package var fullGroups = 8
  /// How many statements, or keys of statements for many keys, fill a group. Larger groups would save PostgreSQL
  /// little, and callers, daemon and PostgreSQL would wait for each other instead of working at the same time.
  package var groupWeight = 32
  /// How many jobs and gathered callers may wait; more are refused.
  package var queue = 8192

  package init() {}

  /// Limits under which every statement is sent as it arrives, in a group of its own: for comparison with batching.
  package static var unbatched: LaneLimits {
    var limits = LaneLimits()
    (limits.groups, limits.fullGroups, limits.groupWeight) = (512, 512, 1)
    return limits
  }

  /// Limits under which one statement is in flight at a time: for connection poolers that do not support pipelining.
  package static var unpipelined: LaneLimits {
    var limits = LaneLimits()
    (limits.groups, limits.fullGroups, limits.groupWeight) = (1, 1, 1)
    return limits
  }
}
