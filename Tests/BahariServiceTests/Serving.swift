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
final class ServiceBench: @unchecked Sendable {
  let shard = Shard(name: "service")
  let session: Session
  private let database: Database
  let repositories: [Repository]
  let reports: [BoundReport]

  init(_ name: String) async throws {
    let (conninfo, session) = try await Regions.database(name)
    self.session = session
    database = Database(conninfo) { _ in }
    let (database, writer) = (database, WireWriter())
    let resources = try Resources(Catalog.tables, try LiveSchema(session))
    repositories = resources.all.map { Repository($0, database, writer, SchemaFaults(database.reads)) { _ in } }
    reports = resources.reports
    try session.execute(
      "INSERT INTO public.mst_provinsi VALUES (11, 'Aceh'); INSERT INTO public.mst_kabupaten VALUES (1101, 11, 'Simeulue')"
    )
    await shard.run { self.database.open(on: $0) }
  }

  func close() async { await shard.run { self.database.close(on: $0) } }

  func start(_ message: some SwiftProtobuf.Message, _ entity: String, _ operation: Operation) async throws
    -> RunningCall
  {
    let running = RunningCall()
    let bytes: [UInt8] = try message.serializedBytes()
    let repository = try #require(repositories.first { $0.resource.table.entity == entity })
    let type = try #require(repository.resource.table.serviceDescriptor?.method(operation.rawValue)?.input)
    let place = try #require(repositories.firstIndex { $0 === repository })
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

extension RunningCall {
  /// Cancels, as a client does that wants no answer any more.
  func cancel(on shard: Shard) async {
    await shard.run { shard in self.call?.cancel(isGone: false, on: shard) }
  }
}
