import BahariShard
import CPostgres

/// A connection to PostgreSQL that is being made: libpq's asynchronous connect, one step per event, within a deadline.
final class Connecting {
  typealias Completion = (Result<Connection, ConnectError>) -> Void

  private let raw: OpaquePointer
  private let options: ConnectionOptions
  private var source: Source?
  private var timer: Timer?
  private var completion: Completion?

  /// Begins to connect. Calls `completion` exactly once, and only after this function has returned.
  static func start(_ options: ConnectionOptions, on shard: isolated Shard, _ completion: @escaping Completion) {
    let raw = options.withKeywords { PQconnectStartParams($0, $1, 1) }
    guard let raw else {
      _ = shard.schedule(after: 0) { completion(.failure(ConnectError("out of memory"))) }
      return
    }
    PQsetNoticeReceiver(raw, { _, _ in }, nil)
    let connecting = Connecting(raw, options, completion)
    connecting.timer = shard.schedule(after: options.connectTimeoutNanoseconds) {
      connecting.fail("no answer within \(options.connectTimeoutNanoseconds / 1_000_000) ms", on: shard)
    }
    // The first step runs from a timer, so that `completion` is not called before this function returns, even if
    // connecting fails at once.
    _ = shard.schedule(after: 0) {
      if PQstatus(raw) == CONNECTION_BAD { return connecting.failWithMessage(on: shard) }
      connecting.wait(for: PGRES_POLLING_WRITING, on: shard)
    }
  }

  private init(_ raw: OpaquePointer, _ options: ConnectionOptions, _ completion: @escaping Completion) {
    self.raw = raw
    self.options = options
    self.completion = completion
  }

  private func wait(for event: PostgresPollingStatusType, on shard: isolated Shard) {
    // libpq may have opened another socket since the last step, so each step gets a new source.
    source?.cancel()
    guard let descriptor = OwnedFileDescriptor(copying: PQsocket(raw)) else {
      return fail("no file descriptors left", on: shard)
    }
    let step = { self.step(on: shard) }
    source =
      event == PGRES_POLLING_READING
      ? .reading(descriptor, on: shard, step) : .writing(descriptor, on: shard, step)
    source?.resume()
  }

  private func step(on shard: isolated Shard) {
    guard completion != nil else { return }
    let status = PQconnectPoll(raw)
    switch status {
    case PGRES_POLLING_READING, PGRES_POLLING_WRITING: wait(for: status, on: shard)
    case PGRES_POLLING_OK: succeed(on: shard)
    default: failWithMessage(on: shard)
    }
  }

  private func succeed(on shard: isolated Shard) {
    guard let completion = finish(on: shard) else { return }
    // A standby accepts no writes: every write on a connection to one would fail, so the connection is refused.
    if PQparameterStatus(raw, "in_hot_standby").map({ String(cString: $0) }) == "on" {
      PQfinish(raw)
      return completion(.failure(ConnectError("the server is a standby")))
    }
    if let error = options.check(raw) {
      PQfinish(raw)
      return completion(.failure(error))
    }
    guard let connection = Connection(raw, statementCapacity: options.statementCapacity, on: shard) else {
      return completion(.failure(ConnectError("libpq's pipeline mode could not be entered")))
    }
    completion(.success(connection))
  }

  private func failWithMessage(on shard: isolated Shard) {
    fail(String(cString: PQerrorMessage(raw)), on: shard)
  }

  private func fail(_ reason: String, on shard: isolated Shard) {
    guard let completion = finish(on: shard) else { return }
    PQfinish(raw)
    completion(.failure(ConnectError(reason)))
  }

  private func finish(on shard: isolated Shard) -> Completion? {
    source?.cancel()
    source = nil
    if let timer { shard.cancel(timer) }
    timer = nil
    defer { completion = nil }
    return completion
  }
}
