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
