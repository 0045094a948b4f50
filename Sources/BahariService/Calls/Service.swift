import BahariCall
import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// Handles the calls of one shard: finds a call's method, checks the caller's rights, sets the deadline, decodes the
/// request and runs the method.
package final class Service: CallHandler {
  let table: MethodTable
  /// The counters of each method, in the order of `table.methods`.
  private let meters: [MethodMeter]
  /// The object that runs the calls of each method, in the order of `table.methods`. The entries of tables and reports
  /// are nil until PostgreSQL has been reached and its schema matches the catalog.
  private var runners: [(any MethodRunner)?]
  private let database: Database
  private let access: Access
  private let deadlines: Deadlines
  private let log: @Sendable (String) -> Void
  let replies = ReplyBuffer()
  private let faults: SchemaFaults
  /// Nil if unsafe durability is not reported.
  let durability: DurabilityWatch?
  /// The tables and reports that are served; nil until PostgreSQL has been reached and its schema matches the catalog.
  private(set) var resources: Resources?
  /// Reads the statistics of all shards, while `stats` has only those of this shard. Nil until `open` is called.
  private(set) var statsSource: StatsSource?
  /// Whether new calls are refused because the daemon is about to stop. Calls in flight continue.
  private var isDraining = false

  package init(
    _ tables: [Table], _ database: Database, _ access: Access, deadlines: Deadlines = Deadlines(),
    allowsUnsafeDurability: Bool = false, log: @escaping @Sendable (String) -> Void
  ) {
    table = MethodTable(tables)
    meters = table.methods.map { MethodMeter($0.path) }
    runners = Array(repeating: nil, count: table.methods.count)
    self.database = database
    faults = SchemaFaults(database.reads)
    durability = allowsUnsafeDurability ? nil : DurabilityWatch(database.writes, tables: tables.map(\.name))
    self.access = access
    self.deadlines = deadlines
    self.log = log
    for (method, origin) in zip(table.methods, table.origins) {
      if case .daemon(let literal) = origin { runners[method.place] = literal.runner(method, self) }
    }
  }

  /// Starts connecting to PostgreSQL; lost connections are replaced. `stats` reads the statistics of all shards.
  package func open(stats: @escaping StatsSource, on shard: isolated Shard) {
    statsSource = stats
    database.open(on: shard)
    scheduleLogCleanup(on: shard)
  }

  package func drain(on shard: isolated Shard) { isDraining = true }

  package func close(on shard: isolated Shard) { database.close(on: shard) }

  /// Deletes, at regular intervals, the entries of the request log that are older than callers may repeat their
  /// requests.
  private func scheduleLogCleanup(on shard: isolated Shard) {
    _ = shard.schedule(after: ServiceLimits.logCleanupNanoseconds) {
      guard !self.isDraining else { return }
      self.database.transactions.submit(Job(write: [RequestLog.deleteOld]) { _ in }, on: shard)
      self.scheduleLogCleanup(on: shard)
    }
  }

  /// Calls `body` once the lanes for point reads and point writes are connected, or have been closed.
  package func whenConnected(_ body: @escaping () -> Void) {
    database.reads.whenUp { [database] in database.writes.whenUp(body) }
  }

  /// Starts serving the tables and reports. Until then their calls fail with UNAVAILABLE.
  package func serve(_ resources: Resources) {
    self.resources = resources
    let contexts = resources.all.map { TableContext($0, database, replies, faults, log: log) }
    for (method, origin) in zip(table.methods, table.origins) {
      switch origin {
      case .table(let index, let literal): runners[method.place] = literal.runner(method, contexts[index])
      case .report(let index):
        let report = resources.reports[index]
        runners[method.place] = ReportRunner(report, method.reply, contexts[report.place])
      case .daemon: break
      }
    }
  }

  package func makeCall(stream: UInt32, peer: Peer, sink: any CallSink) -> any ServedCall {
    Call(self, stream: stream, peer: peer, sink: sink)
  }

  package func status(of refusal: FrameRefusal) -> Status { Status(refusal) }

  /// Runs one call. The request's bytes are valid only until this function returns, and are not kept.
  func handle(_ call: Call, _ request: RequestEnvelope, on shard: isolated Shard) {
    guard !isDraining else { return call.fail(.draining, on: shard) }
    guard let place = table.place(request.service, request.method) else {
      return call.fail(unknown(request), on: shard)
    }
    let method = table.methods[place]
    let now = Shard.now
    call.start(
      deadline: deadline(request.timeoutNanoseconds, method.deadline, now: now),
      changesData: method.effect.changesData, meter: meters[place], now: now, on: shard)
    guard !call.isEnded else { return }
    guard !method.effect.changesData || access.mayWrite(call.peer) else {
      return call.fail(
        Status(ErrorClass.permissionDenied, "user \(call.peer.uid) may read and not write; \(method.path) writes"),
        on: shard)
    }
    do throws(MessageError) {
      run(method, call, try Message(request.payload, as: method.input), request.payload, on: shard)
    } catch {
      call.fail(Status(undecodable: error), on: shard)
    }
  }

  private func run(
    _ method: BoundMethod, _ call: Call, _ message: Message, _ payload: UnsafeRawBufferPointer,
    on shard: isolated Shard
  ) {
    if method.effect.changesData, let unknown = message.unknownField {
      return call.fail(
        .malformed("is a field this server does not know", field: unknown, reason: FieldViolation.unknownReason),
        on: shard)
    }
    guard let runner = runners[method.place] else { return call.fail(ErrorMapping.unavailable(), on: shard) }
    do throws(Status) {
      try runner.run(call, message, payload, on: shard)
    } catch {
      call.fail(error, on: shard)
    }
  }

  // MARK: Rules

  /// The monotonic time at which the call's deadline passes. A `timeout` of 0 means that the caller sets no deadline.
  private func deadline(_ timeout: Int64, _ standard: DeadlineClass, now: UInt64) -> UInt64 {
    guard timeout >= 0 else { return 0 }
    let wanted = timeout == 0 ? deadlines.standard(standard) : UInt64(timeout)
    return now &+ min(wanted, deadlines.longestNanoseconds)
  }

  private func unknown(_ request: RequestEnvelope) -> Status {
    // The caller chose the names, and the error message contains them: they are shortened to 100 bytes.
    let service = String(decoding: request.service.prefix(100), as: UTF8.self)
    let method = String(decoding: request.method.prefix(100), as: UTF8.self)
    return table.has(service: service)
      ? Status(.unknownMethod, "\(service) has no method \(method.debugDescription)")
      : Status(.unknownMethod, "there is no service \(service.debugDescription)")
  }

  // MARK: State

  /// The statistics of this shard alone.
  package var stats: ShardStats {
    ShardStats(methods: meters.map(\.stats), lanes: database.laneStats, pools: database.poolStats)
  }

  package var isServing: Bool {
    !isDraining && resources != nil && faults.isEmpty && database.reads.isUp && database.writes.isUp
  }
}

extension Status {
  fileprivate init(undecodable error: MessageError) {
    switch error {
    case .malformed(let path, let description):
      self = .malformed(description, field: path.isEmpty ? nil : path.joined(separator: "."))
    case .tooLarge(let limit):
      self = .malformed("the message takes more than \(limit) bytes of memory; send it in parts")
    }
  }

  fileprivate static let draining = Status(ErrorClass.unavailable, "the server is shutting down; call again")
}
