/// Runs `body` with one deadline for all calls in it, also calls of child tasks. Calls that have not ended by the
/// deadline fail with `deadlineExceeded`.
///
///     try await withDeadline(.seconds(2)) {
///       let group = try await client.kelompokNelayan.get(12)
///       let vessels = try await client.kapal.list(.where(.field("kelompok_nelayan_id", .eq, group.id)))
///     }
///
/// If `withDeadline` is nested, or a call has a timeout, the earliest deadline applies.
public func withDeadline<R>(
  _ time: Duration, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
  let deadline = min(Clock.now + Clock.nanoseconds(time), TaskDeadline.current ?? .max)
  return try await TaskDeadline.$current.withValue(deadline, operation: body, isolation: isolation)
}
