import BahariClient
import BahariFrame

/// Makes the requests of a bench from what the daemon has.
struct BenchWorkloads {
  private let session: Session
  private let command: BenchCommand

  init(_ session: Session, _ command: BenchCommand) { (self.session, self.command) = (session, command) }

  /// What the calls are about; nil for health.
  var target: Target? {
    get throws { try (command.scenario == .checkIn ? "absensi" : command.names.first).map(session.target) }
  }

  func workload(_ target: Target?) async throws -> any Workload {
    guard let target else {
      guard let check = session.schema.method("grpc.health.v1.Health", "Check") else {
        throw Failure(.unimplemented, "the daemon does not describe grpc.health.v1.Health")
      }
      return PreparedRequests(check, [[]])
    }
    switch command.scenario {
    case .get: return try await gets(target)
    case .list:
      let method = try session.method(target, "List")
      let keys = try await keys(target, command.by)
      return PreparedRequests(
        method, try keys.map(list),
        check: check(method) { reply, tag in
          reply.records("data").allSatisfy { $0[command.by]?.plainText(session.schema) == keys[tag] }
        })
    case .checkIn: return try await checkIns(target)
    case .mixed: return Mixed(reads: try await gets(target), writes: try await newRows(target))
    case .import: return try await batches(target)
    case .create, .health, .baselines, .compare: return try await newRows(target)
    }
  }

  private func gets(_ target: Target) async throws -> PreparedRequests {
    let method = try session.method(target, "Get")
    let keys = try await keys(target, "id")
    return PreparedRequests(
      method, try keys.map(get),
      check: check(method) { reply, tag in
        reply.records("data").first?["id"]?.plainText(session.schema) == keys[tag]
      })
  }

  /// A look into answers, where that is asked for: the code, and what `isRight` says of the row or rows.
  private func check(
    _ method: Method, _ isRight: @escaping (Record, _ tag: Int) -> Bool
  ) -> ((Int, UnsafeRawBufferPointer) throws -> Bool)? {
    guard command.verify else { return nil }
    let decoder = RecordDecoder(schema: session.schema)
    return { tag, payload in
      let reply = try decoder.decode(method.output, Array(payload))
      return reply.text("response_code") == "2000000" && isRight(reply, tag)
    }
  }

  /// Every value of a column: integers and texts.
  private func keys(_ target: Target, _ column: String) async throws -> [String] {
    var request = Bahari_V1_ListRequest()
    request.fields = [column]
    var keys: Set<String> = []
    let decoder = RecordDecoder(schema: session.schema)
    let export = try session.method(target, "Export")
    for try await bytes in session.stream(export, try request.serializedBytes()) {
      for row in try decoder.decode(export.output, bytes).records("data") {
        switch row[column] {
        case .integer(let number): keys.insert(String(number))
        case .text(let text): keys.insert(text)
        default: break
        }
      }
    }
    guard !keys.isEmpty else { throw BenchWorkloads.empty(target) }
    return keys.sorted()
  }

  private static func empty(_ target: Target) -> Failure {
    Failure(.notFound, "\(target.info.name) has no rows to go by; import some first")
  }

  private func get(_ key: String) throws -> [UInt8] {
    var request = Bahari_V1_GetRequest()
    request.id = Int64(key) ?? 0
    return try request.serializedBytes()
  }

  private func list(_ key: String) throws -> [UInt8] {
    var request = Bahari_V1_ListRequest()
    request.filter.field = command.by
    request.filter.operator = "eq"
    request.filter.values = [key]
    return try request.serializedBytes()
  }

  // MARK: Writes

  /// The last rows by id.
  private func lastRows(_ target: Target) async throws -> (rows: [Record], lastID: Int64) {
    var request = Bahari_V1_ListRequest()
    request.limit = 100
    request.sort = ["-id"]
    let list = try session.method(target, "List")
    let rows = try await session.call(list, try request.serializedBytes()).records("data")
    guard let last = rows.first?.integer("id") else { throw BenchWorkloads.empty(target) }
    return (rows, last)
  }

  private func newRows(_ target: Target) async throws -> NewRows {
    let (rows, last) = try await lastRows(target)
    return try NewRows(
      target, try session.method(target, "Create"), rows: rows, start: last,
      named: command.requestIds || command.verify)
  }

  private func batches(_ target: Target) async throws -> NewBatches {
    let (rows, last) = try await lastRows(target)
    return try NewBatches(
      target, try session.method(target, "BatchUpsert"), rows: rows, start: last, size: command.batch)
  }

  private func checkIns(_ target: Target) async throws -> CheckIns {
    var request = Bahari_V1_ListRequest()
    (request.limit, request.sort, request.fields) = (1, ["-date"], ["date"])
    let list = try session.method(target, "List")
    let last = try await session.call(list, try request.serializedBytes()).records("data").first
    let day = last?.text("date").flatMap(Timestamp.init).map { $0.seconds / 86_400 + 1 }
    return try CheckIns(
      target, try session.method(target, "CheckIn"), nips: try await keys(session.target("pegawai"), "nip"),
      day: day ?? 0)
  }

  // MARK: Afterwards

  /// How many rows there are.
  func count(_ target: Target?) async throws -> Int64 {
    guard let target else { return 0 }
    let list = try session.method(target, "List")
    let reply = try await session.call(list, try ListRequest.with { $0.limit = 1 }.serializedBytes())
    return reply.records("pagination").first?.integer("total") ?? 0
  }

  /// Throws unless there is a row for each id that was told, and none beside.
  func verify(_ made: [Int64], since before: Int64, _ target: Target?) async throws {
    let doubled = made.count - Set(made).count
    let now = try await count(target)
    guard doubled == 0, now - before == Int64(made.count) else {
      throw Failure(
        .dataLoss,
        "\(made.count) rows were told to be made, \(doubled) of them twice; there were \(before) rows and "
          + "there are \(now)")
    }
    StandardError.write("verified: \(made.count) rows were made, each once\n")
  }

  func delete(_ ids: [Int64], _ target: Target, path: String) throws {
    guard !ids.isEmpty else { return }
    let payloads: [[UInt8]] = try ids.map { id in
      var request = Bahari_V1_DeleteRequest()
      request.id = id
      return try request.serializedBytes()
    }
    let requests = PreparedRequests(try session.method(target, "Delete"), payloads, order: .once)
    let report = try LoadDriver(path: path, workload: requests, LoadOptions(depth: 16, seconds: 600)).run()
    guard report.calls == ids.count, report.failed == 0 else {
      let left = ids.count - report.calls + report.failed
      throw Failure(.internal, "\(left) of \(ids.count) rows that were made could not be deleted: from id \(ids[0])")
    }
  }
}
