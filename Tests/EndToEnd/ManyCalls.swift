import BahariClient
import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// Many calls on one client, some of which are cancelled.
  @Suite(.served("many_calls")) struct ManyCalls {
    private let daemon: Daemon
    private let client: BahariClient

    init() throws {
      daemon = try Daemon.shared
      client = BahariClient(socketPath: daemon.socket, timeout: .seconds(120), attempts: 1)
    }

    /// How the calls of a method have ended: all, and by error.
    private func ends(_ method: String) async throws -> (all: Int64, errors: [String: Int64]) {
      let stats = try await daemon.client.stats().data.methods.first { $0.method == "bahari.v1.\(method)" }
      let errors = (stats?.errors ?? []).map { ($0.code, $0.count) }
      return (stats?.calls ?? 0, Dictionary(uniqueKeysWithValues: errors))
    }

    @Test("10,000 calls started at once on one client are all answered, each with its own row")
    func all() async throws {
      let before = try await ends("DesaService/Get")
      let right = try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 0..<10_000 {
          let id = 1_101_010_001 + number % 25
          group.addTask { try await client.desa.get(id).name == "Desa \(number % 25 + 1)" }
        }
        return try await group.reduce(into: 0) { count, isRight in count += isRight ? 1 : 0 }
      }
      #expect(right == 10_000)
      let gets = try await ends("DesaService/Get")
      #expect(gets.all - before.all == 10_000 && gets.errors == before.errors, "\(before), \(gets)")
    }

    /// A call that is to be kept or cancelled, and returns the name of its row.
    private struct Started {
      let isKept: Bool
      let task: Task<String, any Error>
    }

    @Test("Of 10,000 calls half are cancelled: none of them has an effect, and the other half is undisturbed")
    func cancelled() async throws {
      let before = try await ends("DesaService/Get")
      var calls: [Started] = []
      let exclusive = 4
      let inFlight = 1_000
      try await daemon.whileLocked("mst_desa") {
        // In flight on connections of their own, waiting for the lock.
        for number in 0..<exclusive { calls.append(batch(number)) }
        let waits = "SELECT pid \(Daemon.locks(on: "mst_desa")) AND NOT granted"
        try await eventually("batches that wait in PostgreSQL") {
          try await daemon.sql(waits).split(separator: "\n").count == exclusive
        }
        let servers = try await daemon.sql(waits).split(separator: "\n").joined(separator: ", ")
        // In flight on shared connections, as many as one connection of a client takes.
        for number in 0..<inFlight - exclusive { calls.append(get(number)) }
        try await eventually("calls in flight") {
          let stats = try await daemon.client.stats().data
          return stats.methods.first { $0.method == "bahari.v1.DesaService/Get" }?.inFlight
            == Int64(inFlight - exclusive)
        }
        // The rest cannot be sent.
        let started = Counter()
        for number in 0..<10_000 - inFlight { calls.append(create(number, started)) }
        try await eventually("10,000 calls") { started.value == 10_000 - inFlight }
        #expect(try await count("mst_role") == "0")

        // The last first: each cancelled call frees a place for a waiting one.
        for call in calls.reversed() where !call.isKept { call.task.cancel() }
        try await eventually("the end of cancelled batches in PostgreSQL") {
          try await daemon.sql("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (\(servers))") == "0"
        }
      }
      var (names, cancelled): ([String], Int) = ([], 0)
      for call in calls {
        switch await call.task.result {
        case .success(let name): if call.isKept { names.append(name) }
        case .failure(is CancellationError): cancelled += call.isKept ? 0 : 1
        case .failure(let error): Issue.record("\(error)")
        }
      }
      #expect(cancelled == 5_000)
      #expect(names.count == 5_000)
      #expect(names.count(where: { $0.hasPrefix("Desa ") }) == (inFlight - exclusive) / 2)
      // Calls that were not sent never ran, and no call ran twice.
      let kept = (10_000 - inFlight) - (5_000 - exclusive - (inFlight - exclusive) / 2)
      #expect(try await count("mst_role") == "\(kept)")
      #expect(try await count("mst_role WHERE nama_role LIKE 'batal%'") == "0")
      #expect(try await count("mst_desa WHERE name LIKE 'Batal%'") == "0")
      // The daemon got a cancel for every cancelled call that had been sent, and no other frames.
      let batches = try await ends("DesaService/BatchUpsert")
      #expect(batches.all == Int64(exclusive) && batches.errors == ["CANCELLED": Int64(exclusive)], "\(batches)")
      let gets = try await ends("DesaService/Get")
      #expect(gets.all == before.all + Int64(inFlight - exclusive), "\(gets)")
      #expect(gets.errors == ["CANCELLED": Int64((inFlight - exclusive) / 2)], "\(gets)")
      let creates = try await ends("RoleService/Create")
      #expect(creates.all == Int64(kept) && creates.errors.isEmpty, "\(creates)")
    }

    private func count(_ rows: String) async throws -> String {
      try await daemon.sql("SELECT count(*) FROM public.\(rows)")
    }

    private func batch(_ number: Int) -> Started {
      var row = Rows.desa(1_101_010_900 + Int64(number))
      row.name = "Batal \(number)"
      return Started(
        isKept: false,
        task: Task { [client, row] in
          _ = try await client.desa.batchUpsert([row])
          return row.name
        })
    }

    private func get(_ number: Int) -> Started {
      Started(
        isKept: number % 2 == 0,
        task: Task { [client] in
          let row = try await client.desa.get(1_101_010_001 + number % 25)
          #expect(row.name == "Desa \(number % 25 + 1)")
          return row.name
        })
    }

    /// More than half of these are kept, as no batch is.
    private func create(_ number: Int, _ started: Counter) -> Started {
      let isKept = number % 2 == 0 || number < 4
      let row = Bahari_V1_Role.with { ($0.levelRole, $0.namaRole) = ("3", "\(isKept ? "tetap" : "batal") \(number)") }
      return Started(
        isKept: isKept,
        task: Task { [client] in
          started.add()
          return try await client.role.create(row).data?.namaRole ?? ""
        })
    }
  }
}
