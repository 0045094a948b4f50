import BahariShard
import CPostgres
import Glibc

/// How a connection is opened.
package struct ConnectionOptions: Sendable {
  /// As libpq takes it: `host=/run/postgresql dbname=bahari`, or a URI.
  package var conninfo: String
  /// Server settings of the session, in their units: `["statement_timeout": "5000"]`.
  package var settings: [String: String] = [:]
  package var connectTimeoutNanoseconds: UInt64 = 10_000_000_000
  /// Prepared statements kept per connection.
  package var statementCapacity = 256

  package init(conninfo: String) { self.conninfo = conninfo }

  /// What every session of Bahari runs with.
  private static let always = ["TimeZone": "UTC", "DateStyle": "ISO", "extra_float_digits": "1"]

  /// The server settings that the conninfo asks for, as `-c name=value`.
  private var given: String? {
    guard let parsed = PQconninfoParse(conninfo, nil) else { return nil }
    defer { PQconninfoFree(parsed) }
    var entry = parsed
    while let keyword = entry.pointee.keyword {
      if strcmp(keyword, "options") == 0 { return entry.pointee.val.map { String(cString: $0) } }
      entry += 1
    }
    return nil
  }

  func withKeywords<T>(_ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
    let own = ConnectionOptions.always.merging(settings) { _, own in own }
      .sorted { $0.key < $1.key }.map { "-c \($0.key)=\($0.value)" }
    // Of two that set the same, PostgreSQL takes the later one.
    let options = ((given.map { [$0] } ?? []) + own).joined(separator: " ")
    let pairs = [
      // In front, so that the conninfo has the last word. Heeded where libpq itself waits; it wants 2 s at least.
      ("connect_timeout", "\(max(2, connectTimeoutNanoseconds / 1_000_000_000))"), ("dbname", conninfo),
      ("options", options), ("client_encoding", "UTF8"), ("application_name", "baharid"),
    ]
    let strings = pairs.map { (strdup($0.0), strdup($0.1)) }
    defer {
      for (key, value) in strings {
        free(key)
        free(value)
      }
    }
    let keys = strings.map { UnsafePointer($0.0) } + [nil]
    let values = strings.map { UnsafePointer($0.1) } + [nil]
    return body(keys, values)
  }
}

/// How one statement of a pipeline ended.
enum Outcome {
  case rows(Rows)
  case refused(PostgresError)
  /// A statement before it, under the same Sync, failed.
  case aborted
  /// The connection went away; the server may or may not have run it.
  case lost
}

/// How the transaction that a Sync ends came out.
enum SyncEnd {
  /// Committed, or rolled back if a statement failed; the session is idle.
  case idle
  /// PostgreSQL refused the commit itself, as it does when a deferred constraint does not hold.
  case refused(PostgresError)
  /// A transaction is still open: someone sent BEGIN.
  case open
  /// The connection went away before the server said so.
  case lost
}

/// One connection to PostgreSQL in pipeline mode, driven by its shard's sources. No thread waits for it.
///
/// Statements queued in one event leave in one write; each `reply` is called once, in order.
package final class Connection {
  typealias StatementReply = (Outcome) -> Void
  typealias SyncReply = (SyncEnd) -> Void

  private enum Expectation {
    case prepare(Statement)
    case statement(Statement, StatementReply)
    case deallocate
    case sync(SyncReply)
  }

  private var raw: OpaquePointer?
  private let readSource: Source
  private let writeSource: Source
  private var expected = Fifo<Expectation>()
  /// Whether the head's result has come and the NULL behind it has not.
  private var awaitsEnd = false
  private var statements: StatementCache
  private var failedPrepare: (statement: Statement, error: PostgresError)?
  /// What the commit at the next Sync failed with.
  private var failedCommit: PostgresError?
  /// The server has said something that ends a connection's use, such as that it takes no writes any more.
  private var isSpent = false
  /// Told once when the connection is of no further use.
  private var onClose: (() -> Void)?

  /// Takes over a connected `raw`.
  init?(_ raw: OpaquePointer, statementCapacity: Int, on shard: isolated Shard) {
    guard PQsetnonblocking(raw, 1) == 0, PQenterPipelineMode(raw) == 1,
      let descriptor = Descriptor(copying: PQsocket(raw))
    else {
      PQfinish(raw)
      return nil
    }
    self.raw = raw
    statements = StatementCache(capacity: statementCapacity)
    let target = Target()
    readSource = .reading(descriptor, on: shard) { target.connection?.readable(on: shard) }
    writeSource = .writing(descriptor, on: shard) { target.connection?.flush(on: shard) }
    target.connection = self
    readSource.resume()
  }

  deinit { if let raw { PQfinish(raw) } }

  var isOpen: Bool { raw != nil }

  /// PostgreSQL's number for its process at the other end.
  var backend: Int32 { raw.map { PQbackendPID($0) } ?? 0 }

  /// No transaction is open, no result is owed, and the server serves it on.
  var isReusable: Bool { raw.map { !isSpent && PQtransactionStatus($0) == PQTRANS_IDLE } ?? false }

  /// How the Sync ended whose result has just come.
  ///
  /// libpq answers "active" while statements behind the Sync are on their way. A transaction that stays open is
  /// then out of the question: only leases send BEGIN, and they send nothing behind a Sync before its answer.
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
    // Half a pipeline is not to be mended with a Sync, which would commit the other half.
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
    // A reply may have closed the connection, and then libpq's memory of it is gone.
    guard self.raw != nil else { return }
    guard alive, PQstatus(raw) == CONNECTION_OK else { return close(on: shard) }
    flush(on: shard)
  }

  /// Hands out every result that is there. Those of aborted statements are made by libpq itself and
  /// announce themselves by no event, so this asks until it is told to wait.
  private func drain(on shard: isolated Shard) {
    while let raw, !expected.isEmpty, PQisBusy(raw) == 0 {
      guard let result = PQgetResult(raw) else {
        guard awaitsEnd else { return }
        awaitsEnd = false
        // Behind the error of a commit the Sync's own result is still to come.
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
    // libpq makes an error without a code of its own when the connection drops.
    guard !error.sqlState.code.isEmpty else { return .lost }
    if error.sqlState.asksForNewPlan { statements.forget(statement) }
    if error.sqlState.endsConnection { isSpent = true }
    return .refused(error)
  }

  // MARK: The end

  /// Closes the connection. What it still owed is told as lost.
  package func close(on shard: isolated Shard) {
    guard let raw else { return }
    self.raw = nil
    readSource.cancel()
    writeSource.cancel()
    PQfinish(raw)
    let owed = expected.removeAll()
    for (index, expectation) in owed.enumerated() {
      switch expectation {
      case .statement(_, let reply): if index > 0 || !awaitsEnd { reply(.lost) }
      case .sync(let reply): reply(.lost)
      case .prepare, .deallocate: break
      }
    }
    let tell = onClose
    onClose = nil
    tell?()
  }
}

/// Whose handlers the sources call. Unowned: the sources end with the connection that holds them, and a weak
/// reference would make every use of it dearer.
private final class Target {
  unowned var connection: Connection?
}
