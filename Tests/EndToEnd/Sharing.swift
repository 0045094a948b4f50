import BahariClient
import BahariFrame
import TestSupport
import Testing

extension EndToEnd {
  /// Calls that share statements and commits with others: each gets its own answer.
  @Suite(.served("sharing")) struct Sharing {
    private let daemon: Daemon

    init() throws { daemon = try Daemon.shared }

    @Test("A read never predates a write that was acknowledged before it was sent")
    func readsOwnWrites() async throws {
      try await daemon.sql(
        "INSERT INTO public.mst_provinsi (id, name) SELECT 1000 + n, '-1' FROM generate_series(0, 63) n;")
      let clients = (0..<4).map { _ in daemon.client }
      let stale = try await withThrowingTaskGroup(of: [String].self) { group in
        for id in Int32(1_000)..<1_064 {
          let isDone = Flag()
          group.addTask {
            defer { isDone.raise() }
            return try await staleReads(of: id, clients[Int(id) % 4])
          }
          // Another client reads the same row all the while: an answer from before a write must not serve a read after it.
          group.addTask { try await reads(of: id, clients[Int(id + 1) % 4], until: isDone) }
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
      #expect(stale.isEmpty)
    }

    /// Counts in a row's name, and reads it after each step.
    private func staleReads(of id: Int32, _ client: BahariClient) async throws -> [String] {
      var stale: [String] = []
      for round in 0..<50 {
        var row = Bahari_V1_Provinsi()
        (row.id, row.name) = (id, "\(round)")
        _ = try await client.provinsi.update(row)
        let found = try await client.provinsi.get(Int64(id))
        if found.id != id || found.name != row.name { stale.append("\(found.id): \(found.name), not \(round)") }
      }
      return stale
    }

    /// Reads a row repeatedly; its number never decreases.
    private func reads(of id: Int32, _ client: BahariClient, until isDone: Flag) async throws -> [String] {
      var stale: [String] = []
      var last = -1
      while !isDone.isUp {
        let found = try await client.provinsi.get(Int64(id))
        let number = try #require(Int(found.name))
        if found.id != id || number < last { stale.append("\(found.id): \(number) after \(last)") }
        last = number
      }
      return stale
    }

    @Test("A Get is not answered by one that was sent before it came")
    func getsOfItsOwn() async throws {
      let wire = try daemon.connect()
      let streams = Rows.streams(3)
      try await daemon.whileLocked("mst_desa") {
        for (place, stream) in streams.enumerated() {
          try wire.request(stream, "Desa/Get", Bytes.get(1_101_010_001))
          try await eventually("a statement for each Get") {
            let waiting = "\(Daemon.locks(on: "mst_desa")) AND NOT granted"
            return try await daemon.sql("SELECT count(*) \(waiting)") == "\(place + 1)"
          }
        }
      }
      for (_, answer) in try wire.answers(to: streams) {
        #expect(try answer.message(Bahari_V1_DesaReply.self).data.name == "Desa 1")
      }
    }

    @Test("Each of 200 Gets in one write gets its own row, or NOT_FOUND")
    func gets() throws {
      for _ in 0..<10 { try Bursts(daemon: daemon).gets() }
    }

    @Test("Of 16 creates in one write one fails, and no other with it", arguments: Bursts.Fault.allCases)
    func creates(fault: Bursts.Fault) async throws {
      let first: Int64 = fault == .taken ? 2_000_000_000 : 2_100_000_000
      for round in 0..<20 {
        try await Bursts(daemon: daemon).creates(from: first + Int64(round * 16), failing: round % 16, fault)
      }
    }

    @Test("Two daemons that create the same rows in opposite orders: each row is made once, and confirmed once")
    func rivals() async throws {
      let other = try await daemon.another()
      let streams = Rows.streams(64)
      for round in 0..<20 {
        let first = 2_200_000_000 + Int64(round * 64)
        let wires = [try daemon.connect(), try other.connect()]
        let orders = [Array(0..<64), Array((0..<64).reversed())]
        for part in 0..<4 {
          for (wire, order) in zip(wires, orders) {
            let rows = try order[part * 16..<part * 16 + 16].flatMap {
              try Rows.create(streams[$0], Rows.desa(first + Int64($0)))
            }
            try wire.send(rows)
          }
        }
        let answers = try wires.map { try $0.answers(to: streams) }
        for (place, stream) in streams.enumerated() {
          let statuses = try answers.map { try $0[stream]?.status }
          let refusals = statuses.compactMap(\.self)
          #expect(refusals.count == 1, "\(first + Int64(place)): \(statuses)")
          #expect(refusals.first?.metadata["response_code"] == "4090001", "\(refusals)")
        }
        let count = try await daemon.sql(
          "SELECT count(*) FROM public.mst_desa WHERE id BETWEEN \(first) AND \(first + 63)")
        #expect(count == "64")
      }
      #expect(try await other.stop() == 0)
    }

    // MARK: Deadlines

    @Test("10,000 calls with deadlines of 1 to 20 ms end once each, with a row or with DEADLINE_EXCEEDED")
    func deadlines() async throws {
      let neighbour = Neighbour(daemon)
      let ends = try shortCalls()
      let calls = try await neighbour.end()
      #expect(ends.rows + ends.late == 10_000 && ends.others.isEmpty, "\(ends.others.prefix(5))")
      #expect(calls > 0)
      print("10,000 short deadlines: \(ends.rows) rows, \(ends.late) too late, the neighbour made \(calls) calls")
    }

    @Test("10,000 calls with deadlines of 1 to 20 ms on a locked table all end in time, and disturb no other")
    func deadlinesOfLocked() async throws {
      let neighbour = Neighbour(daemon)
      let ends = try await daemon.whileLocked("mst_desa") { try shortCalls() }
      let calls = try await neighbour.end()
      #expect(ends.late == 10_000 && ends.others.isEmpty, "\(ends.rows) rows, \(ends.others.prefix(5))")
      #expect(calls > 0)
      print("10,000 short deadlines on a locked table: the neighbour made \(calls) calls")
      try Bursts(daemon: daemon).gets()
    }

    @Test("Gets of a locked table whose deadlines have passed hold no connection")
    func abandonedGets() async throws {
      let (wire, other) = try (daemon.connect(), daemon.connect())
      let streams = Rows.streams(16)
      try await daemon.whileLocked("mst_desa") {
        for _ in 0..<8 {
          try wire.send(
            streams.flatMap { Bytes.request($0, "Desa/Get", Bytes.get(id($0)), timeout: 100_000_000) })
          for (_, answer) in try wire.answers(to: streams) { #expect(try answer.status?.code == .deadlineExceeded) }
        }
        // A list of a shape that is new to the daemon, which gets an exclusive connection.
        var request = Bahari_V1_ListRequest()
        request.sort = ["-latitude", "-id"]
        let bytes: [UInt8] = try request.serializedBytes()
        let page: Bahari_V1_ListProvinsiReply = try other.call("Provinsi/List", bytes, timeout: 10_000_000_000)
          .message()
        #expect(page.data.count >= 2)
      }
      try Bursts(daemon: daemon).gets()
    }

    private struct Ends {
      var rows = 0
      var late = 0
      var others: [String] = []
    }

    /// 20 times 100 calls on each of five connections.
    private func shortCalls() throws -> Ends {
      var ends = Ends()
      var random = Seeded(1)
      let streams = Rows.streams(100)
      let wires = try (0..<5).map { _ in try daemon.connect() }
      for _ in 0..<20 {
        for wire in wires {
          try wire.send(
            streams.flatMap { stream in
              let timeout = Int64.random(in: 1_000_000...20_000_000, using: &random)
              return Bytes.request(stream, "Desa/Get", Bytes.get(id(stream)), timeout: timeout)
            })
        }
        for wire in wires {
          for (stream, answer) in try wire.answers(to: streams) { try note(answer, id(stream), in: &ends) }
          // A second answer on any stream would arrive before this one, and fail the check.
          _ = try wire.call("Provinsi/Get", Bytes.get(11)).message(Bahari_V1_ProvinsiReply.self)
        }
      }
      return ends
    }

    private func id(_ stream: UInt32) -> Int64 { 1_101_010_001 + Int64(stream / 2 % 25) }

    private func note(_ answer: Received, _ id: Int64, in ends: inout Ends) throws {
      if let status = try answer.status {
        if status.code == .deadlineExceeded { ends.late += 1 } else { ends.others.append("\(status)") }
      } else if try answer.message(Bahari_V1_DesaReply.self).data.id == id {
        ends.rows += 1
      } else {
        ends.others.append("not the row of \(id)")
      }
    }
  }
}
