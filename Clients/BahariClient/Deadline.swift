/// Gives all calls in `body`, also those of child tasks, one deadline: once it has passed they fail with
/// `deadlineExceeded`.
///
///     try await withDeadline(.seconds(2)) {
///       let group = try await client.kelompokNelayan.get(12)
///       let vessels = try await client.kapal.list(.where(.field("kelompok_nelayan_id", .eq, group.id)))
///     }
///
/// If deadlines are nested, or a call has a timeout of its own, the earliest applies.
public func withDeadline<R>(
  _ time: Duration, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> R
) async rethrows -> R {
  let deadline = min(Clock.now + Clock.nanoseconds(time), TaskDeadline.current ?? .max)
  return try await TaskDeadline.$current.withValue(deadline, operation: body, isolation: isolation)
}
