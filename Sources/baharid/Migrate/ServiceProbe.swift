import BahariCall
import BahariCatalog
import BahariFrame
import BahariMessage
import BahariMigration
import BahariPostgres
import BahariService
import BahariShard
import Glibc

/// Calls the services on a database inside this process. They are set up as in the daemon, but have no socket.
///
/// `@unchecked Sendable`: the service is used only on the shard.
final class ServiceProbe: @unchecked Sendable {
  private let shard = Shard(name: "probe")
  private let service: Service
  private let resources: Resources

  /// Throws `SchemaDifferences` if the program's tables and the database's schema differ.
  init(_ conninfo: String, _ session: Session) throws {
    resources = try Resources(Catalog.tables, try LiveSchema(session))
    let database = Database(conninfo) { _ in }
    service = Service(Catalog.tables, database, Access(owner: geteuid())) { _ in }
  }

  /// Calls List and Get of every service. If the database's schema differs from the program's tables, returns the
  /// differences as faults and does not throw.
  static func callAll(_ conninfo: Conninfo) async throws -> ServiceAnswers {
    do {
      let probe = try ServiceProbe(conninfo.text, try Session(ConnectionOptions(conninfo: conninfo.text)))
      await probe.open()
      let reads = await probe.readAll()
      await probe.close()
      return ServiceAnswers(answered: reads.count { $0.faults.isEmpty }, faults: reads.flatMap(\.faults))
    } catch let differences as SchemaDifferences {
      return ServiceAnswers(answered: 0, faults: differences.lines)
    }
  }

  private func open() async {
    await withCheckedContinuation { ready in
      shard.enter { shard in
        let stats = DaemonStats(version: "", uptimeSeconds: 0, shards: 0, residentBytes: 0, total: ShardStats())
        self.service.open(stats: { stats }, on: shard)
        self.service.serve(self.resources)
        self.service.whenConnected { ready.resume() }
      }
    }
  }

  private func close() async {
    await withCheckedContinuation { closed in
      shard.enter { shard in
        self.service.close(on: shard)
        closed.resume()
      }
    }
  }

  /// The result of one List and one Get of a table.
  private struct Reads: Sendable {
    /// A line for each call that failed.
    var faults: [String] = []
  }

  /// Calls List of each table, and Get with the first row's id. For an empty table, Get has to find no row.
  private func readAll() async -> [Reads] {
    var all: [Reads] = []
    for table in Catalog.tables { all.append(await read(table)) }
    return all
  }

  private func read(_ table: Table) async -> Reads {
    var reads = Reads()
    let page = WireWriter()
    page.field(2, varint: 10)
    let list = await call(table.service, "List", page)
    var first: Int64?
    do {
      let reply = try reply(list, table, "List")
      if let field = reply.descriptor.field("data") {
        first = reply.messages(field).first.flatMap { row in row.descriptor.field("id").map { id(row, $0) } }
      }
    } catch {
      reads.faults.append("\(table.entity)Service/List: \(error)")
    }
    let key = WireWriter()
    key.field(1, varint: UInt64(bitPattern: first ?? 1))
    let get = await call(table.service, "Get", key)
    switch (get, first) {
    case (.failed(let status), nil) where status.code == .notFound: break
    default:
      do { _ = try reply(get, table, "Get") } catch { reads.faults.append("\(table.entity)Service/Get: \(error)") }
    }
    return reads
  }

  private func id(_ row: Message, _ field: FieldDescriptor) -> Int64 {
    field.kind == .int32 ? Int64(row.int32(field)) : row.int64(field)
  }

  /// Returns the reply of a call that succeeded; throws a `ProbeFault` for a call that failed.
  private func reply(_ answer: ProbeSink.Answer, _ table: Table, _ method: String) throws -> Message {
    switch answer {
    case .failed(let status): throw ProbeFault("\(status.code) \(status.message)")
    case .reply(let bytes):
      guard let type = table.serviceDescriptor?.method(method)?.output else {
        throw ProbeFault("there is no such method")
      }
      let message = try bytes.withUnsafeBytes { try Message($0, as: type) }
      let code = type.field("response_code").flatMap { message.string($0) }
      guard code == "2000000" else { throw ProbeFault("response code \(code ?? "none")") }
      return message
    }
  }

  private func call(_ service: String, _ method: String, _ payload: WireWriter) async -> ProbeSink.Answer {
    let request = WireWriter()
    request.field(1, string: service)
    request.field(2, string: method)
    request.field(3, bytes: payload.bytes)
    let bytes = Array(request.bytes)
    return await withCheckedContinuation { answered in
      shard.enter { shard in
        let peer = Peer(uid: geteuid(), groups: [getegid()], pid: getpid())
        let call = self.service.makeCall(stream: 1, peer: peer, sink: ProbeSink(answered))
        bytes.withUnsafeBytes { bytes in
          guard let envelope = try? RequestEnvelope(bytes) else { return }
          call.start(envelope, on: shard)
        }
      }
    }
  }
}

/// Receives the answer to one call in place of a connection. Every call gets an answer, at the latest at its deadline.
private final class ProbeSink: CallSink {
  enum Answer: Sendable {
    case reply([UInt8])
    case failed(Status)
  }

  private var answered: CheckedContinuation<Answer, Never>?

  init(_ answered: CheckedContinuation<Answer, Never>) { self.answered = answered }

  private func answer(_ answer: Answer) {
    answered?.resume(returning: answer)
    answered = nil
  }

  func reply(_ payload: UnsafeRawBufferPointer, to stream: UInt32, on shard: isolated Shard) {
    answer(.reply(Array(payload)))
  }
  func part(_ payload: UnsafeRawBufferPointer, of stream: UInt32, on shard: isolated Shard) {}
  func end(of stream: UInt32, on shard: isolated Shard) {}
  func fail(_ status: Status, _ stream: UInt32, on shard: isolated Shard) { answer(.failed(status)) }
  var takesMore: Bool { true }
  func whenItTakesMore(_ body: @escaping () -> Void) { body() }
}

private struct ProbeFault: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
