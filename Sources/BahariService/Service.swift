import BahariCall
import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// The tables as they are served, put together once and read by every shard.
package struct Resources: Sendable {
  package let all: [Resource]
  /// In the order of `Report.all`.
  let reports: [BoundReport]

  /// Compares the catalog and the reports with the .proto and the database; throws every difference.
  package init(_ tables: [Table], _ schema: LiveSchema) throws(SchemaDifferences) {
    var differences: [String] = []
    var resources: [Resource] = []
    for table in tables {
      switch Resource.bind(table, schema) {
      case .success(let resource): resources.append(resource)
      case .failure(let found): differences += found.lines
      }
    }
    var reports: [BoundReport] = []
    for report in Report.all(of: tables) {
      var check = ReportCheck(report, schema, resources)
      if let bound = check.run() { reports.append(bound) }
      differences += check.differences
    }
    guard differences.isEmpty else { throw SchemaDifferences(differences) }
    all = resources
    self.reports = reports
  }
}

/// A shard's service: takes a call from its names and bytes to an operation.
package final class Service: CallHandler {
  private let methods: MethodTable
  /// By the methods' places.
  private let meters: [MethodMeter]
  private let database: Database
  private let access: Access
  private let deadlines: Deadlines
  private let log: @Sendable (String) -> Void
  private let writer = WireWriter(capacity: 65_536)
  /// Empty until the database has been reached and found right.
  private var repositories: [Repository] = []
  private let faults: SchemaFaults
  private var reports: [BoundReport] = []
  /// Tells what all shards have done; this one knows only its own.
  private var statsSource: StatsSource?
  /// New calls are refused, those in flight go on.
  private var isDraining = false

  package init(
    _ tables: [Table], _ database: Database, _ access: Access, deadlines: Deadlines = Deadlines(),
    log: @escaping @Sendable (String) -> Void
  ) {
    methods = MethodTable(tables)
    meters = methods.names.map { MethodMeter($0) }
    self.database = database
    faults = SchemaFaults(database.reads)
    self.access = access
    self.deadlines = deadlines
    self.log = log
  }

  /// Connects to PostgreSQL and keeps connected. `stats` tells of all shards.
  package func open(stats: @escaping StatsSource, on shard: isolated Shard) {
    statsSource = stats
    database.open(on: shard)
    forgetRequests(on: shard)
  }

  package func drain(on shard: isolated Shard) { isDraining = true }

  package func close(on shard: isolated Shard) { database.close(on: shard) }

  /// Forgets requests that nobody repeats any more, now and then.
  private func forgetRequests(on shard: isolated Shard) {
    _ = shard.schedule(after: ServiceLimits.forgetNanoseconds) {
      guard !self.isDraining else { return }
      self.database.transactions.submit(Job(write: [RequestLog.forget]) { _ in }, on: shard)
      self.forgetRequests(on: shard)
    }
  }

  /// Calls `body` once the point lanes are connected.
  package func whenConnected(_ body: @escaping () -> Void) {
    database.reads.whenUp { [database] in database.writes.whenUp(body) }
  }

  /// Starts serving the tables.
  package func serve(_ resources: Resources) {
    repositories = resources.all.map { Repository($0, database, writer, faults, log: log) }
    reports = resources.reports
  }

  package func makeCall(stream: UInt32, peer: Peer, sink: any CallSink) -> any ServedCall {
    Call(self, stream: stream, peer: peer, sink: sink)
  }

  package func status(of refusal: FrameRefusal) -> Status { Status(refusal) }

  /// Routes, unpacks and runs one call. The bytes are used before this returns, and not kept.
  func handle(_ call: Call, _ request: RequestEnvelope, on shard: isolated Shard) {
    guard !isDraining else { return call.fail(.draining, on: shard) }
    guard let route = methods.route(request.service, request.method) else {
      return call.fail(unknown(request), on: shard)
    }
    let now = Shard.now
    call.start(
      deadline: deadline(request.timeoutNanoseconds, route.target, now: now),
      changesData: route.target.changesData, meter: meters[route.place], now: now, on: shard)
    guard !call.isEnded else { return }
    guard !route.target.changesData || access.mayWrite(call.peer) else {
      return call.fail(
        Status(ErrorClass.permissionDenied, "user \(call.peer.uid) may read and not write; \(route.name) writes"),
        on: shard)
    }
    do {
      let message = try Message(request.payload, as: route.input)
      run(route.target, call, message, request.payload, on: shard)
    } catch {
      call.fail(Status(undecodable: error), on: shard)
    }
  }

  private func run(
    _ target: Target, _ call: Call, _ message: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) {
    switch target {
    case .table(let index, let operation):
      if operation.changesData, let unknown = message.unknownField {
        return call.fail(
          .malformed("is a field this server does not know", field: unknown, reason: FieldViolation.unknownReason),
          on: shard)
      }
      guard repositories.indices.contains(index) else { return call.fail(ErrorMapping.unavailable(), on: shard) }
      repositories[index].run(operation, call, message, payload, on: shard)
    case .report(let index):
      guard reports.indices.contains(index) else { return call.fail(ErrorMapping.unavailable(), on: shard) }
      repositories[reports[index].place].report(reports[index], call, message, on: shard)
    case .descriptor:
      guard !repositories.isEmpty else { return call.fail(ErrorMapping.unavailable(), on: shard) }
      DescriptorReply.write(repositories.map(\.resource), reports, into: writer)
      call.succeed(writer, on: shard)
    case .stats: stats(call, on: shard)
    case .health: health(call, message, on: shard)
    }
  }

  // MARK: Rules

  /// The caller's deadline, or the operation's own; absolute.
  private func deadline(_ timeout: Int64, _ target: Target, now: UInt64) -> UInt64 {
    guard timeout >= 0 else { return 0 }
    let wanted = timeout == 0 ? deadlines.standard(for: target) : UInt64(timeout)
    return now &+ min(wanted, deadlines.longestNanoseconds)
  }

  private func unknown(_ request: RequestEnvelope) -> Status {
    // Names come from the caller: bounded before they go back.
    let service = String(decoding: request.service.prefix(100), as: UTF8.self)
    let method = String(decoding: request.method.prefix(100), as: UTF8.self)
    return methods.has(service: service)
      ? Status(.unknownMethod, "\(service) has no method \(method.debugDescription)")
      : Status(.unknownMethod, "there is no service \(service.debugDescription)")
  }

  // MARK: Stats

  /// This shard's part.
  package var stats: ShardStats {
    ShardStats(methods: meters.map(\.stats), lanes: database.laneStats, pools: database.poolStats)
  }

  /// The shards are asked while this one goes on; an answer that comes after the deadline is dropped.
  private func stats(_ call: Call, on shard: isolated Shard) {
    guard let statsSource else { return call.fail(ErrorMapping.unavailable(), on: shard) }
    Task {
      let reply = await StatsReply.encoded(from: statsSource)
      writer.removeAll()
      reply.withUnsafeBytes { writer.append($0) }
      call.succeed(writer, on: shard)
    }
  }

  // MARK: Health

  /// grpc.health.v1: serving as long as PostgreSQL answers.
  private func health(_ call: Call, _ message: Message, on shard: isolated Shard) {
    let service = message.string(named: "service") ?? ""
    guard service.isEmpty || methods.has(service: service) else {
      return call.fail(
        Status(ErrorClass.notFound, "there is no service \(String(service.prefix(100)).debugDescription)"), on: shard)
    }
    writer.removeAll()
    writer.field(HealthReply.status, varint: isServing ? HealthReply.serving : HealthReply.notServing)
    call.succeed(writer, on: shard)
  }

  package var isServing: Bool {
    !isDraining && !repositories.isEmpty && faults.isEmpty && database.reads.isUp && database.writes.isUp
  }
}

/// grpc.health.v1.HealthCheckResponse, whose numbers gRPC fixes.
private enum HealthReply {
  static let status: UInt32 = 1
  static let serving: UInt64 = 1
  static let notServing: UInt64 = 2
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

extension Target {
  var changesData: Bool {
    if case .table(_, let operation) = self { return operation.changesData }
    return false
  }
}
