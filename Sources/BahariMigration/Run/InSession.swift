import BahariPostgres
import Dispatch
import Synchronization

/// Runs blocking work on a thread of Dispatch, so that it does not occupy one of Swift's few task threads.
package func offThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
  }
}

/// Runs blocking work with a new session. If the task is cancelled, PostgreSQL ends the session and rolls back all that
/// is not committed, and the work fails with an error.
package func inSession<T: Sendable>(
  _ conninfo: Conninfo, _ body: @escaping @Sendable (Session) throws -> T
) async throws -> T {
  let process = Mutex<Int32?>(nil)
  return try await withTaskCancellationHandler {
    try await offThread {
      let session = try Session(ConnectionOptions(conninfo: conninfo.text))
      let own = try session.query("SELECT pg_catalog.pg_backend_pid()").int32(0, 0)
      process.withLock { $0 = own }
      defer { process.withLock { $0 = nil } }
      return try body(session)
    }
  } onCancel: {
    guard let process = process.withLock({ $0 }) else { return }
    let other = try? Session(ConnectionOptions(conninfo: conninfo.text))
    _ = try? other?.query("SELECT pg_catalog.pg_terminate_backend($1::text::integer)", ["\(process)"])
  }
}
