import BahariShard
import CPostgres
import Glibc

/// One connection to PostgreSQL in libpq's pipeline mode. The shard's sources report when its socket is readable or
/// writable, so no thread blocks on it.
///
/// Statements that are queued in one event are written to the socket together. Each statement's reply closure is called
/// exactly once, in the order of sending.
package final class Connection {
  typealias StatementReply = (Outcome) -> Void
  typealias SyncReply = (SyncEnd) -> Void

  private enum Expectation {
    case prepare(Statement)
    case statement(Statement, StatementReply)
    case deallocate
    case sync(SyncReply)
  }

  private enum State {
    /// The connection is usable. Next: `spent`, `closed`.
    case open(OpaquePointer)
    /// The server sent an error that makes the connection useless, for example that it accepts no more writes. Results
    /// of statements in flight are still delivered. Next: `closed`.
    case spent(OpaquePointer)
    /// The connection is closed: nothing is sent, and every pending reply has been called with `.lost`. The last state.
    case closed
  }

  private var state: State
  private let readSource: Source
  private let writeSource: Source
  private var expected = Fifo<Expectation>()
  /// Whether libpq has returned the result for the first entry of `expected`, but not yet the NULL that follows it.
  private var awaitsEnd = false
  private var statements: StatementCache
  private var failedPrepare: (statement: Statement, error: PostgresError)?
  /// The error with which PostgreSQL refused a commit, kept until the result of the Sync arrives.
  private var failedCommit: PostgresError?
  /// Whether PostgreSQL has warned since the last Sync that it did not wait for a standby to confirm a commit. The
  /// commit is then lost if the standby takes over, so it must not be reported as certain.
  private var isUnconfirmed = false
  /// Called once when the connection is closed.
  private var onClose: (() -> Void)?

  /// Takes ownership of `raw`, which is already connected. Nil if pipeline mode cannot be set up; `raw` is closed then.
  init?(_ raw: OpaquePointer, statementCapacity: Int, on shard: isolated Shard) {
    guard PQsetnonblocking(raw, 1) == 0, PQenterPipelineMode(raw) == 1,
      let descriptor = OwnedFileDescriptor(copying: PQsocket(raw))
    else {
      PQfinish(raw)
      return nil
    }
    state = .open(raw)
    statements = StatementCache(capacity: statementCapacity)
    let reference = ConnectionReference()
    readSource = .reading(descriptor, on: shard) { reference.connection?.readable(on: shard) }
    writeSource = .writing(descriptor, on: shard) { reference.connection?.flush(on: shard) }
    reference.connection = self
    PQsetNoticeReceiver(raw, Connection.receiveNotice, Unmanaged.passUnretained(self).toOpaque())
    readSource.resume()
  }

  /// Called by libpq while it reads results, for each notice and warning. `connection` is the connection itself: libpq
  /// reads only while the connection holds the libpq object.
  private static let receiveNotice: PQnoticeReceiver = { connection, notice in
    guard let connection, let notice else { return }
    // The wait for a standby ends early if the statement is cancelled or the session is terminated.
    guard ["57014", "57P01"].contains(PostgresError(notice).sqlState.code) else { return }
    Unmanaged<Connection>.fromOpaque(connection).takeUnretainedValue().isUnconfirmed = true
  }

  deinit { if let raw { PQfinish(raw) } }

  /// libpq's connection object; nil once this connection is closed.
  private var raw: OpaquePointer? {
    switch state {
    case .open(let raw), .spent(let raw): raw
    case .closed: nil
    }
  }

  /// The process id of PostgreSQL's backend for this connection.
  var backend: Int32 { raw.map { PQbackendPID($0) } ?? 0 }

  /// Whether the connection can be given to another user: no transaction is open, no result is pending, and the server
  /// has not ended the session.
  var isReusable: Bool {
    guard case .open(let raw) = state else { return false }
    return PQtransactionStatus(raw) == PQTRANS_IDLE
  }

  /// The state of the transaction after the Sync whose answer has just arrived.
  ///
  /// libpq reports the transaction status "active" while statements sent after the Sync are in flight. No transaction
  /// can be open in that case: only leases send BEGIN, and a lease sends nothing after a Sync until the Sync is
  /// answered.
  private var syncEnd: SyncEnd {
    if let error = failedCommit { return .refused(error) }
    guard let raw, !isUnconfirmed else { return .lost }
    return [PQTRANS_INTRANS, PQTRANS_INERROR].contains(PQtransactionStatus(raw)) ? .open : .idle
  }

  func whenClosed(_ body: @escaping () -> Void) { onClose = body }

  // MARK: Sending

  /// Queues `bound`. It is written to the socket at the next `sync`, or earlier if libpq has buffered 64 KiB.
  func send(_ bound: Bound, on shard: isolated Shard, _ reply: @escaping StatementReply) {
    guard let raw else { return reply(.lost) }
    let statement = bound.statement
    let sent: Bool
    if let name = statements.name(of: statement) {
      sent = bound.parameters.withPointers { PQsendQueryPrepared(raw, name, $0, $1, $2, $3, 1) } == 1
    } else {
      sent = prepareAndSend(bound, raw)
    }
    expected.append(.statement(statement, reply))
    // If one statement of a pipeline could not be sent, the connection is closed: the next Sync would commit the
    // others.
    if !sent { close(on: shard) }
  }

  private func prepareAndSend(_ bound: Bound, _ raw: OpaquePointer) -> Bool {
    let (name, evicted) = statements.add(bound.statement)
    if let evicted {
      guard PQsendQueryParams(raw, "DEALLOCATE \(evicted)", 0, nil, nil, nil, nil, 1) == 1 else { return false }
      expected.append(.deallocate)
    }
    let types = bound.statement.parameterTypes
    guard PQsendPrepare(raw, name, bound.statement.sql, Int32(types.count), types) == 1 else { return false }
    expected.append(.prepare(bound.statement))
    return bound.parameters.withPointers { PQsendQueryPrepared(raw, name, $0, $1, $2, $3, 1) } == 1
  }

  /// Ends the implicit transaction of the statements sent since the last Sync, and flushes libpq's buffer.
  func sync(on shard: isolated Shard, _ reply: @escaping SyncReply = { _ in }) {
    guard let raw else { return reply(.lost) }
    expected.append(.sync(reply))
    guard PQpipelineSync(raw) == 1 else { return close(on: shard) }
    flush(on: shard)
  }

  private func flush(on shard: isolated Shard) {
    guard let raw else { return }
    switch PQflush(raw) {
    case 0: writeSource.suspend()
    case 1: writeSource.resume()
    default: close(on: shard)
    }
  }

  // MARK: Receiving

  private func readable(on shard: isolated Shard) {
    guard let raw else { return }
    let alive = PQconsumeInput(raw) == 1
    drain(on: shard)
    // A reply may have closed the connection, which frees `raw`.
    guard self.raw != nil else { return }
    guard alive, PQstatus(raw) == CONNECTION_OK else { return close(on: shard) }
    flush(on: shard)
  }

  /// Delivers all results that have arrived. libpq itself makes the results of aborted statements, and no socket event
  /// announces them, so this loop goes on until libpq would have to wait for the socket.
  private func drain(on shard: isolated Shard) {
    while let raw, !expected.isEmpty, PQisBusy(raw) == 0 {
      guard let result = PQgetResult(raw) else {
        guard awaitsEnd else { return }
        awaitsEnd = false
        // The error of a refused commit comes before the Sync's own result, so the Sync stays in `expected`.
        if case .sync? = expected.first { continue }
        _ = expected.popFirst()
        continue
      }
      receive(result, on: shard)
    }
  }

  private func receive(_ result: OpaquePointer, on shard: isolated Shard) {
    let status = PQresultStatus(result)
    if status == PGRES_PIPELINE_SYNC {
      PQclear(result)
      failedPrepare = nil
      let end = syncEnd
      (failedCommit, isUnconfirmed) = (nil, false)
      if case .sync(let reply) = expected.popFirst() { reply(end) }
      return
    }
    guard let head = expected.first else { return PQclear(result) }
    guard !awaitsEnd else { return PQclear(result) }
    awaitsEnd = true
    switch head {
    case .prepare(let statement):
      if status != PGRES_COMMAND_OK {
        statements.forget(statement)
        if status == PGRES_FATAL_ERROR { failedPrepare = (statement, PostgresError(result)) }
      }
      PQclear(result)
    case .deallocate:
      PQclear(result)
    case .sync:
      if status == PGRES_FATAL_ERROR { failedCommit = PostgresError(result) }
      PQclear(result)
    case .statement(let statement, let reply):
      reply(outcome(of: statement, status, result))
    }
  }

  private func outcome(of statement: Statement, _ status: ExecStatusType, _ result: OpaquePointer) -> Outcome {
    if status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK { return .rows(Rows(result)) }
    defer { PQclear(result) }
    if status == PGRES_PIPELINE_ABORTED {
      guard let failed = failedPrepare, failed.statement === statement else { return .aborted }
      failedPrepare = nil
      return .refused(failed.error)
    }
    let error = PostgresError(result)
    // When the connection drops, libpq makes an error result itself, which has no SQLSTATE.
    guard !error.sqlState.code.isEmpty else { return .lost }
    if error.sqlState.asksForNewPlan { statements.forget(statement) }
    if error.sqlState.endsConnection, let raw { state = .spent(raw) }
    return .refused(error)
  }

  // MARK: The end

  /// Closes the connection. Pending replies are called with `.lost`, then the closure given to `whenClosed` runs.
  package func close(on shard: isolated Shard) {
    guard let raw else { return }
    state = .closed
    readSource.cancel()
    writeSource.cancel()
    PQfinish(raw)
    for (index, expectation) in expected.removeAll().enumerated() {
      switch expectation {
      case .statement(_, let reply): if index > 0 || !awaitsEnd { reply(.lost) }
      case .sync(let reply): reply(.lost)
      case .prepare, .deallocate: break
      }
    }
    let notify = onClose
    onClose = nil
    notify?()
  }
}

/// Refers to the connection whose functions the sources' handlers call. The reference is unowned, because the
/// connection holds its sources, which therefore end with it, and a weak reference would cost more at every event.
private final class ConnectionReference {
  unowned var connection: Connection?
}
