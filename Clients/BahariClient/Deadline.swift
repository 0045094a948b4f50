/// Gives all calls in `body` one deadline: they fail with `deadlineExceeded` once the time is over, however many
/// they are, and so do calls of child tasks.
///
///     try await withDeadline(.seconds(2)) {
///       let group = try await client.kelompokNelayan.get(12)
///       let vessels = try await client.kapal.list(.where(.field("kelompok_nelayan_id", .eq, group.id)))
///     }
///
/// Where deadlines are nested, or a call names a timeout itself, the earliest counts.
public func withDeadline<R>(
  _ time: Duration, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
  let deadline = min(Clock.now + Clock.nanoseconds(time), TaskDeadline.current ?? .max)
  return try await TaskDeadline.$current.withValue(deadline, operation: body, isolation: isolation)
}

/// The deadline that `withDeadline` gave the current task.
enum TaskDeadline {
  /// Uptime in nanoseconds.
  @TaskLocal static var current: UInt64?

  /// How long a call that may take `time` has in this task, and until when.
  static func shorten(_ time: Duration) -> (Duration, UInt64) {
    let now = Clock.now
    let own = now + Clock.nanoseconds(time)
    guard let current, current < own else { return (time, own) }
    return (.nanoseconds(Int64(clamping: current > now ? current - now : 0)), current)
  }
}
