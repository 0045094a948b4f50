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

  func reply(_ payload: UnsafeRawBufferPointer, to call: Call, on shard: isolated Shard) {
    inbox.put(.reply(Array(payload)))
  }
  func part(_ payload: UnsafeRawBufferPointer, of call: Call, on shard: isolated Shard) {
    inbox.put(.reply(Array(payload)))
  }
  func end(of call: Call, on shard: isolated Shard) { inbox.put(.stream) }
  func fail(_ status: BahariFrame.Status, _ call: Call, on shard: isolated Shard) { inbox.put(.failed(status)) }
  var takesMore: Bool { true }
  func whenItTakesMore(_ body: @escaping () -> Void) { body() }
}

/// A call on its way, to be ended by the test.
///
/// `@unchecked Sendable`, as the bench below: what is not Sendable in it is touched only on the shard.
final class RunningCall: @unchecked Sendable {
  fileprivate(set) var call: Call?
  let inbox = Inbox<FakeSink.End>()
}

/// The repositories of all tables on a shard and a database of their own.
///
/// `@unchecked Sendable`: nothing changes after the init; the session is used by the test's own task alone, and all else
/// on the shard.
final class ServiceBench: @unchecked Sendable {
  fileprivate static let turns = Turns(6)

  let shard = Shard(name: "service")
  let session: Session
  private let database: Database
  let repositories: [Repository]
  let reports: [BoundReport]

  /// `sql` is run before the tables are looked at.
  init(_ name: String, _ tables: [Table] = Catalog.tables, sql: String? = Regions.upper) async throws {
    let made = try await MigratedDatabase.make(name)
    session = try made.session()
    if let sql { try session.execute(sql) }
    database = Database(made.conninfo) { _ in }
    let (database, writer) = (database, WireWriter())
    let resources = try Resources(tables, try LiveSchema(session))
    repositories = resources.all.map { Repository($0, database, writer, SchemaFaults(database.reads)) { _ in } }
    reports = resources.reports
    await shard.run { self.database.open(on: $0) }
  }

  func close() async { await shard.run { self.database.close(on: $0) } }

  func start(_ message: some SwiftProtobuf.Message, _ entity: String, _ operation: Operation) async throws
    -> RunningCall
  {
    let place = try #require(repositories.firstIndex { $0.resource.table.entity == entity })
    return try await start(try message.serializedBytes(), place, operation)
  }

  private func start(_ bytes: [UInt8], _ place: Int, _ operation: Operation) async throws -> RunningCall {
    let running = RunningCall()
    let type = try #require(repositories[place].resource.table.serviceDescriptor?.method(operation.rawValue)?.input)
    try await shard.run { shard in
      let call = Call(stream: 1, peer: Peer(uid: 0, groups: [0], pid: 0), sink: FakeSink(running.inbox))
      running.call = call
      call.start(deadline: .max, changesData: operation.changesData, on: shard)
      try bytes.withUnsafeBytes { payload in
        let request = try BahariMessage.Message(payload, as: type)
        self.repositories[place].run(operation, call, request, payload, on: shard)
      }
    }
    return running
  }

  /// The reply's bytes, or the first of a stream's; the status of a failure is thrown.
  func bytes(_ message: some SwiftProtobuf.Message, _ entity: String, _ operation: Operation) async throws -> [UInt8] {
    switch try await start(message, entity, operation).inbox.next() {
    case .reply(let bytes): return bytes
    case .failed(let status): throw status
    case .stream: throw BahariFrame.Status(.internal, "a stream ended")
    }
  }

  /// The reply, or the status of the failure thrown.
  func call<Reply: SwiftProtobuf.Message>(
    _ message: some SwiftProtobuf.Message, _ entity: String, _ operation: Operation
  ) async throws -> Reply {
    try Reply(serializedBytes: try await bytes(message, entity, operation))
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
  var resources: [BahariService.Resource] { repositories.map(\.resource) }

  func resource(_ table: String) throws -> BahariService.Resource {
    try #require(resources.first { $0.table.name == table }, "\(table)")
  }

  /// The reply to a request that is made by its descriptor, or the status of the failure thrown.
  func exchange(_ table: String, _ operation: Operation, _ request: Fields) async throws -> Fields {
    try #require(try await stream(table, operation, request, atMost: 1).first)
  }

  /// The frames of a stream, up to its end.
  func stream(
    _ table: String, _ operation: Operation, _ request: Fields, atMost most: Int = .max
  ) async throws -> [Fields] {
    let place = try #require(repositories.firstIndex { $0.resource.table.name == table }, "\(table)")
    let method = try #require(repositories[place].resource.table.serviceDescriptor?.method(operation.rawValue))
    let running = try await start(method.input.bytes(request), place, operation)
    var frames: [Fields] = []
    while frames.count < most {
      switch try await running.inbox.next() {
      case .reply(let bytes): frames.append(try method.output.read(bytes))
      case .failed(let status): throw status
      case .stream: return frames
      }
    }
    return frames
  }
}

extension RunningCall {
  /// Cancels, as a client does that wants no answer any more.
  func cancel(on shard: Shard) async {
    await shard.run { shard in self.call?.cancel(isGone: false, on: shard) }
  }
}

extension ListQuery {
  /// The statement of a list that is the first of its shape.
  var rows: Bound {
    var statements = ListStatements()
    return rows(&statements)
  }

  func total(_ resource: BahariService.Resource) -> Bound {
    var statements = ListStatements()
    return total(resource, &statements)
  }
}
