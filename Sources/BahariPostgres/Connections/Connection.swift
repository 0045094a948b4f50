import BahariShard
import CPostgres
import Glibc

/// One connection to PostgreSQL in pipeline mode, driven by its shard's sources. No thread waits for it.
///
/// Statements that are queued in one event leave in one write. Each `reply` is called once, in the order of sending.
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
    /// Next: `spent`, `closed`.
    case open(OpaquePointer)
    /// The server sent an error after which the connection is useless, such as that it accepts no writes any more.
    /// What is in flight is still answered. Next: `closed`.
    case spent(OpaquePointer)
    /// The last state. Nothing is sent, and outstanding replies have been called with `.lost`.
    case closed
  }

  private var state: State
  private let readSource: Source
  private let writeSource: Source
  private var expected = Fifo<Expectation>()
  /// Whether the result of the first expectation has come, and the NULL that libpq returns after it has not.
  private var awaitsEnd = false
  private var statements: StatementCache
  private var failedPrepare: (statement: Statement, error: PostgresError)?
  /// The error of the commit at the next Sync.
  private var failedCommit: PostgresError?
  /// Called once when the connection is closed.
  private var onClose: (() -> Void)?

  /// Owns `raw`, which is connected, from now on.
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
    readSource.resume()
  }

  deinit { if let raw { PQfinish(raw) } }

  /// libpq's connection; nil once this is closed.
  private var raw: OpaquePointer? {
    switch state {
    case .open(let raw), .spent(let raw): raw
    case .closed: nil
    }
  }

  /// The process id of PostgreSQL's backend for this connection.
  var backend: Int32 { raw.map { PQbackendPID($0) } ?? 0 }

  /// No transaction is open, no result is outstanding, and the server has not ended the session.
  var isReusable: Bool {
    guard case .open(let raw) = state else { return false }
    return PQtransactionStatus(raw) == PQTRANS_IDLE
  }

  /// How the Sync ended whose result has just come.
  ///
  /// libpq's transaction status is "active" while statements behind the Sync are in flight. No transaction can be
  /// open then: only leases send BEGIN, and they send nothing behind a Sync before its answer.
  private var syncEnd: SyncEnd {
    if let error = failedCommit { return .refused(error) }
    guard let raw else { return .lost }
    return [PQTRANS_INTRANS, PQTRANS_INERROR].contains(PQtransactionStatus(raw)) ? .open : .idle
  }

  func whenClosed(_ body: @escaping () -> Void) { onClose = body }

  // MARK: Sending

  /// Queues `bound`. Nothing leaves before `sync`, or before libpq has 64 KiB together.
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
    // A pipeline of which a part was not sent must not reach its Sync, which would commit the rest.
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

  /// Ends the implicit transaction of what was sent since the last Sync, and flushes.
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

  /// Delivers all results that have come. libpq makes the results of aborted statements itself, and no event
  /// announces those, so this reads on until libpq would have to wait for the socket.
  private func drain(on shard: isolated Shard) {
    while let raw, !expected.isEmpty, PQisBusy(raw) == 0 {
      guard let result = PQgetResult(raw) else {
        guard awaitsEnd else { return }
        awaitsEnd = false
        // After the error of a commit the Sync's own result is still to come.
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
      failedCommit = nil
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
    // When the connection drops, libpq makes an error itself, which has no code.
    guard !error.sqlState.code.isEmpty else { return .lost }
    if error.sqlState.asksForNewPlan { statements.forget(statement) }
    if error.sqlState.endsConnection, let raw { state = .spent(raw) }
    return .refused(error)
  }

  // MARK: The end

  /// Closes the connection. Outstanding replies are called with `.lost`, then the body of `whenClosed` runs.
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

/// The connection whose functions its sources call. Unowned: the connection holds the sources, so they end with it,
/// and a weak reference would cost more at every event.
private final class ConnectionReference {
  unowned var connection: Connection?
}
