import BahariClient
import BahariFrame

/// Makes the workload of a `bahari bench` scenario from the rows that the daemon has.
struct BenchWorkloads {
  private let daemon: DescribedDaemon
  private let command: BenchCommand

  init(_ daemon: DescribedDaemon, _ command: BenchCommand) { (self.daemon, self.command) = (daemon, command) }

  /// The resource whose methods the scenario calls; nil for health.
  var target: DescribedResource? {
    get throws { try (command.scenario == .checkIn ? "absensi" : command.names.first).map(daemon.target) }
  }

  func workload(_ target: DescribedResource?) async throws -> any Workload {
    guard let target else {
      guard let check = daemon.schema.method("grpc.health.v1.Health", "Check") else {
        throw Failure(.unimplemented, "the daemon does not describe grpc.health.v1.Health")
      }
      return PreparedRequests(check, [[]])
    }
    switch command.scenario {
    case .get: return try await gets(target)
    case .list:
      let method = try daemon.method(target, "List")
      let keys = try await keys(target, command.by)
      return PreparedRequests(
        method, try keys.map(list),
        check: check(method) { reply, tag in
          reply.records("data").allSatisfy { $0[command.by]?.plainText(daemon.schema) == keys[tag] }
        })
    case .checkIn: return try await checkIns(target)
    case .mixed: return Mixed(reads: try await gets(target), writes: try await newRows(target))
    case .import: return try await batches(target)
    case .create, .health, .baselines, .compare: return try await newRows(target)
    }
  }

  private func gets(_ target: DescribedResource) async throws -> PreparedRequests {
    let method = try daemon.method(target, "Get")
    let keys = try await keys(target, "id")
    return PreparedRequests(
      method, try keys.map(get),
      check: check(method) { reply, tag in
        reply.records("data").first?["id"]?.plainText(daemon.schema) == keys[tag]
      })
  }

  /// Returns a check of a reply's response code and, with `isRight`, of its content; nil without --verify.
  private func check(
    _ method: Method, _ isRight: @escaping (Record, _ tag: Int) -> Bool
  ) -> ((Int, UnsafeRawBufferPointer) throws -> Bool)? {
    guard command.verify else { return nil }
    let decoder = RecordDecoder(schema: daemon.schema)
    return { tag, payload in
      let reply = try decoder.decode(method.output, Array(payload))
      return reply.text("response_code") == "2000000" && isRight(reply, tag)
    }
  }

  /// Returns the distinct values of a column of integers or texts.
  private func keys(_ target: DescribedResource, _ column: String) async throws -> [String] {
    var request = Bahari_V1_ListRequest()
    request.fields = [column]
    var keys: Set<String> = []
    let decoder = RecordDecoder(schema: daemon.schema)
    let export = try daemon.method(target, "Export")
    for try await bytes in daemon.stream(export, try request.serializedBytes()) {
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

  private static func empty(_ target: DescribedResource) -> Failure {
    Failure(.notFound, "\(target.info.name) has no rows; import some first")
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

  /// Returns the 100 rows with the highest ids, and the highest id.
  private func lastRows(_ target: DescribedResource) async throws -> (rows: [Record], lastID: Int64) {
    var request = Bahari_V1_ListRequest()
    request.limit = 100
    request.sort = ["-id"]
    let list = try daemon.method(target, "List")
    let rows = try await daemon.call(list, try request.serializedBytes()).records("data")
    guard let last = rows.first?.integer("id") else { throw BenchWorkloads.empty(target) }
    return (rows, last)
  }

  private func newRows(_ target: DescribedResource) async throws -> NewRows {
    let (rows, last) = try await lastRows(target)
    return try NewRows(
      target, try daemon.method(target, "Create"), rows: rows, start: last,
      named: command.requestIds || command.verify)
  }

  private func batches(_ target: DescribedResource) async throws -> NewBatches {
    let (rows, last) = try await lastRows(target)
    return try NewBatches(
      target, try daemon.method(target, "BatchUpsert"), rows: rows, start: last, size: command.batch)
  }

  private func checkIns(_ target: DescribedResource) async throws -> CheckIns {
    var request = Bahari_V1_ListRequest()
    (request.limit, request.sort, request.fields) = (1, ["-date"], ["date"])
    let list = try daemon.method(target, "List")
    let last = try await daemon.call(list, try request.serializedBytes()).records("data").first
    let day = last?.text("date").flatMap(Timestamp.init).map { $0.seconds / 86_400 + 1 }
    return try CheckIns(
      target, try daemon.method(target, "CheckIn"), nips: try await keys(daemon.target("pegawai"), "nip"),
      day: day ?? 0)
  }

  // MARK: Afterwards

  /// Returns how many rows the resource has.
  func count(_ target: DescribedResource?) async throws -> Int64 {
    guard let target else { return 0 }
    let list = try daemon.method(target, "List")
    let reply = try await daemon.call(list, try ListRequest.with { $0.limit = 1 }.serializedBytes())
    return reply.records("pagination").first?.integer("total") ?? 0
  }

  /// Throws unless the ids in `made`, which replies returned, are all different and the resource has exactly that many
  /// rows more than `before`.
  func verify(_ made: [Int64], since before: Int64, _ target: DescribedResource?) async throws {
    let doubled = made.count - Set(made).count
    let now = try await count(target)
    guard doubled == 0, now - before == Int64(made.count) else {
      throw Failure(
        .dataLoss,
        "replies returned \(made.count) new rows, \(doubled) of them twice; there were \(before) rows and "
          + "there are \(now)")
    }
    StandardError.write("verified: \(made.count) rows were made, each once\n")
  }

  func delete(_ ids: [Int64], _ target: DescribedResource, path: String) throws {
    guard !ids.isEmpty else { return }
    let payloads: [[UInt8]] = try ids.map { id in
      var request = Bahari_V1_DeleteRequest()
      request.id = id
      return try request.serializedBytes()
    }
    let requests = PreparedRequests(try daemon.method(target, "Delete"), payloads, order: .once)
    let report = try LoadDriver(path: path, workload: requests, LoadOptions(depth: 16, seconds: 600)).run()
    guard report.calls == ids.count, report.failed == 0 else {
      let left = ids.count - report.calls + report.failed
      throw Failure(.internal, "\(left) of \(ids.count) rows that were made could not be deleted: from id \(ids[0])")
    }
  }
}
