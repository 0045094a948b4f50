import BahariCall
import BahariCatalog
import BahariClient
import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard
import SwiftProtobuf
import TestSupport
import Testing

@testable import BahariService

/// Takes a call's answers in a connection's place.
final class FakeSink: CallSink {
  enum End: Sendable {
    case reply([UInt8])
    case failed(BahariFrame.Status)
    case stream
  }

  let inbox: Inbox<End>

  init(_ inbox: Inbox<End>) { self.inbox = inbox }

  func reply(_ payload: UnsafeRawBufferPointer, to stream: UInt32, on shard: isolated Shard) {
    inbox.put(.reply(Array(payload)))
  }
  func part(_ payload: UnsafeRawBufferPointer, of stream: UInt32, on shard: isolated Shard) {
    inbox.put(.reply(Array(payload)))
  }
  func end(of stream: UInt32, on shard: isolated Shard) { inbox.put(.stream) }
  func fail(_ status: BahariFrame.Status, _ stream: UInt32, on shard: isolated Shard) { inbox.put(.failed(status)) }
  var takesMore: Bool { true }
  func whenItTakesMore(_ body: @escaping () -> Void) { body() }
}

/// A call in flight, to be ended by the test.
///
/// `@unchecked Sendable`, as the bench below: what is not Sendable in it is touched only on the shard.
final class RunningCall: @unchecked Sendable {
  fileprivate(set) var call: (any ServedCall)?
  let inbox = Inbox<FakeSink.End>()
}

/// A service on a shard and a database of its own, without sockets.
///
/// `@unchecked Sendable`: nothing changes after the init; the session is used by the test's own task alone, and all else
/// on the shard.
final class ServiceBench: @unchecked Sendable {
  fileprivate static let turns = Turns(4)

  let shard = Shard(name: "service")
  let session: Session
  let conninfo: String
  /// One, and a second for a made-up table that borrows the messages of another one.
  private let services: [(service: Service, served: Resources)]

  var resources: [BahariService.Resource] { services.flatMap(\.served.all) }
  var reports: [BoundReport] { services[0].served.reports }

  /// No call of a test ends by its deadline because the machine is slow.
  private static let patient: Deadlines = {
    var deadlines = Deadlines()
    (deadlines.pointNanoseconds, deadlines.listNanoseconds) = (deadlines.batchNanoseconds, deadlines.batchNanoseconds)
    return deadlines
  }()

  /// `sql` is run before the tables are looked at.
  init(_ name: String, _ tables: [Table] = Catalog.tables, sql: String? = Regions.upper) async throws {
    let made = try await MigratedDatabase.make(name)
    session = try made.session()
    conninfo = made.conninfo
    if let sql { try session.execute(sql) }
    let schema = try LiveSchema(session)
    let borrows = tables.indices.map { place in tables[..<place].contains { $0.entity == tables[place].entity } }
    services = try [false, true].compactMap { borrowed in
      let group = zip(tables, borrows).filter { $1 == borrowed }.map(\.0)
      guard !group.isEmpty else { return nil }
      let database = Database(made.conninfo) { _ in }
      let service = Service(group, database, Access(owner: 0), deadlines: ServiceBench.patient) { _ in }
      return (service, try Resources(group, schema))
    }
    await shard.run { shard in
      let stats = DaemonStats(version: "", uptimeSeconds: 0, shards: 1, residentBytes: 0, total: ShardStats())
      for (service, served) in self.services {
        service.open(stats: { stats }, on: shard)
        service.serve(served)
      }
    }
  }

  func close() async {
    await shard.run { shard in for (service, _) in self.services { service.close(on: shard) } }
  }

  func start(_ message: some SwiftProtobuf.Message, _ entity: String, _ method: BahariService.Method) async throws
    -> RunningCall
  {
    try await start(try message.serializedBytes(), "bahari.v1.\(entity)Service", method.name)
  }

  /// Starts a call of root's, on the service that has `table`.
  func start(
    _ payload: [UInt8], _ service: String, _ method: String, of table: String? = nil
  ) async throws -> RunningCall {
    let running = RunningCall()
    let writer = WireWriter()
    writer.field(1, string: service)
    writer.field(2, string: method)
    payload.withUnsafeBytes { writer.field(3, bytes: $0) }
    let envelope = Array(writer.bytes)
    try await shard.run { shard in
      let peer = Peer(uid: 0, groups: [0], pid: 0)
      let place = self.services.firstIndex { $0.served.all.contains { $0.table.name == table } } ?? 0
      let call = self.services[place].service.makeCall(stream: 1, peer: peer, sink: FakeSink(running.inbox))
      running.call = call
      try envelope.withUnsafeBytes { call.start(try RequestEnvelope($0), on: shard) }
    }
    return running
  }

  /// The reply's bytes, or the first of a stream's; the status of a failure is thrown.
  func bytes(
    _ message: some SwiftProtobuf.Message, _ entity: String, _ method: BahariService.Method
  ) async throws -> [UInt8] {
    try await start(message, entity, method).reply()
  }

  /// The reply, or the status of the failure thrown.
  func call<Reply: SwiftProtobuf.Message>(
    _ message: some SwiftProtobuf.Message, _ entity: String, _ method: BahariService.Method
  ) async throws -> Reply {
    try Reply(serializedBytes: try await bytes(message, entity, method))
  }

  /// One value of one row, as text.
  func value(_ sql: String) throws -> String? {
    try session.query("SELECT (\(sql))::text").string(0, 0)
  }
}

extension Trait where Self == OffPool {
  /// For suites whose tests have databases of their own: as many at a time as the cluster has connections for.
  static var ownDatabases: OffPool { .offPool(.service, atOnce: ServiceBench.turns) }
}

extension BlockingExecutor {
  /// One for each test that may run at a time: of those with databases of their own, of the contract, and of plans.
  static let service = BlockingExecutor(threads: 8)
}

// MARK: Any message

extension ServiceBench {
  func resource(_ table: String) throws -> BahariService.Resource {
    try #require(resources.first { $0.table.name == table }, "\(table)")
  }

  /// The reply to a request that is made by its descriptor, or the status of the failure thrown.
  func exchange(_ table: String, _ method: BahariService.Method, _ request: Fields) async throws -> Fields {
    try #require(try await stream(table, method, request, atMost: 1).first)
  }

  /// The frames of a stream, up to its end.
  func stream(
    _ table: String, _ method: BahariService.Method, _ request: Fields, atMost most: Int = .max
  ) async throws -> [Fields] {
    let table = try resource(table).table
    let declared = try #require(table.serviceDescriptor?.method(method.name))
    let running = try await start(declared.input.bytes(request), table.service, method.name, of: table.name)
    var frames: [Fields] = []
    while frames.count < most {
      switch try await running.inbox.next() {
      case .reply(let bytes): frames.append(try declared.output.read(bytes))
      case .failed(let status): throw status
      case .stream: return frames
      }
    }
    return frames
  }
}

extension RunningCall {
  /// The bytes of the reply, or the first of a stream's; the status of a failure is thrown.
  func reply() async throws -> [UInt8] {
    switch try await inbox.next() {
    case .reply(let bytes): return bytes
    case .failed(let status): throw status
    case .stream: throw BahariFrame.Status(.internal, "a stream ended")
    }
  }

  /// Cancels, as a client does that wants no answer any more.
  func cancel(on shard: Shard) async {
    await shard.run { shard in self.call?.cancel(isGone: false, on: shard) }
  }
}

extension ListQuery {
  init(
    _ request: BahariMessage.Message, _ resource: BahariService.Resource, _ selection: Selection, order: SortOrder
  ) throws(BahariFrame.Status) {
    try self.init(request, ListFields(request.descriptor), resource, selection, order: order)
  }
}

/// A list with the texts of its statements.
@dynamicMemberLookup
struct BoundList {
  let query: ListQuery
  let resource: BahariService.Resource

  /// The page's rows.
  var rows: Bound { Bound(query.page.shape.statement(of: resource), query.page.parameters) }
  /// The number of rows on all pages.
  var total: Bound {
    Bound(query.totalOfAllPages.shape.statement(of: resource), query.totalOfAllPages.parameters)
  }

  func nextToken(_ rows: BahariPostgres.Rows) -> String? { query.nextToken(rows) }

  subscript<Part>(dynamicMember path: KeyPath<ListQuery, Part>) -> Part { query[keyPath: path] }
}
