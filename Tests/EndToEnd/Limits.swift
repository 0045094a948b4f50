import BahariClient
import BahariFrame
import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// The daemon's options: each has its documented effect, and no other.
  @Suite(.startsDaemons) struct Limits {
    private func started(_ options: String...) async throws -> Daemon {
      let daemon = try await Daemon.serving(database: "limits", options)
      try await daemon.sql(Regions.sql)
      return daemon
    }

    private let get = Bytes.request(1, "Provinsi/Get", Bytes.get(11))

    private func expectServed(_ wire: Wire, _ location: SourceLocation = #_sourceLocation) throws {
      let reply: Bahari_V1_ProvinsiReply = try wire.call("Provinsi/Get", Bytes.get(11)).message()
      #expect(reply.data.name == "ACEH", sourceLocation: location)
    }

    // MARK: Time

    @Test("--frame-time: a client that is in the middle of a frame for so long is cut, and no other")
    func frameTime() async throws {
      let daemon = try await started("--frame-time", "0.3")
      let (idle, whole, half, slow) = try (daemon.connect(), daemon.connect(), daemon.connect(), daemon.connect())
      try half.send(Array(get.prefix(20)))
      #expect(try half.frame() == nil)
      // A frame of 4,000 bytes, of which one comes every 50 ms; beside it whole frames.
      try slow.send(Bytes.frame(1, 1, length: 4_000))
      var sent = 0
      while slow.isSilent(forMilliseconds: 50) {
        try #require(sent < 400, "the frame's time has no effect")
        // The daemon may close it at this moment.
        try? slow.send([0x0a])
        try expectServed(whole)
        sent += 1
      }
      #expect(try slow.frame() == nil)
      for wire in [idle, whole] { try expectServed(wire) }
      #expect(try await daemon.stop() == 0)
    }

    @Test("--idle-time: a client that has no call in flight and sends nothing for so long is cut")
    func idleTime() async throws {
      let daemon = try await started("--idle-time", "1")
      let waiting = try daemon.connect()
      try await daemon.whileLocked("mst_desa") {
        try waiting.request(1, "Desa/List", [])
        for _ in 0..<3 {
          let idle = try daemon.connect()
          try expectServed(idle)
          #expect(try idle.frame() == nil)
        }
        #expect(waiting.isSilent(forMilliseconds: 0))
      }
      let page = try #require(try waiting.frames(1).first).message(Bahari_V1_ListDesaReply.self)
      #expect(page.data.count == 10)
      #expect(try waiting.frame() == nil)
      #expect(try await daemon.stop() == 0)
    }

    @Test("--idle-time: it begins with the end of the last call")
    func idleAfterCalls() async throws {
      let daemon = try await started("--idle-time", "3")
      var wires: [Wire] = []
      try await daemon.whileLocked("mst_desa") {
        // All calls are in flight for longer than one idle time, and each client's timer fires at another moment.
        for _ in 0..<30 {
          let wire = try daemon.connect()
          try wire.request(1, "Desa/List", [])
          wires.append(wire)
          try await Task.sleep(for: .milliseconds(100))
        }
        #expect(try daemon.connect().frame() == nil, "an idle client beside them is cut")
      }
      for wire in wires { #expect(try wire.frames(1)[0].status == nil) }
      // A third of an idle time, in which a third of the timers fire: if the time in flight counted, those would be cut.
      try await Task.sleep(for: .seconds(1))
      for wire in wires { try expectServed(wire) }
      #expect(try await daemon.stop() == 0)
    }

    @Test("--frame-time: it does not run while the daemon itself leaves a client's bytes unread")
    func frameTimeOfThrottled() async throws {
      let daemon = try await started("--frame-time", "3")
      // A page of 2 MB: with one unread, the daemon reads no more from its client.
      try await daemon.sql("UPDATE public.mst_desa SET alt_name = repeat('x', 80000);")
      let wire = try daemon.connect()
      let streams = Rows.streams(4)
      let list = Bytes.message { $0.field(2, varint: 25) }
      let last = Bytes.request(101, "Provinsi/Get", Bytes.get(11))
      try wire.send(streams.flatMap { Bytes.request($0, "Desa/List", list) } + last.prefix(20))
      try await eventually("answers that wait for their reader") {
        try await daemon.client.stats().data.methods.first { $0.method == "bahari.v1.DesaService/List" }?.calls == 4
      }
      // A client that begins a frame now is cut when the frame's time is over; by then it is over for the first client, too.
      let other = try daemon.connect()
      try other.send(Array(last.prefix(20)))
      #expect(try other.frame() == nil)
      #expect(try wire.answers(to: streams).count == 4)
      try wire.send(Array(last.dropFirst(20)))
      #expect(try wire.frames(1)[0].message(Bahari_V1_ProvinsiReply.self).data.name == "ACEH")
      #expect(try await daemon.stop() == 0)
    }

    // MARK: Numbers

    @Test("--max-calls: the fifth call in flight is refused, the four are answered")
    func maxCalls() async throws {
      let daemon = try await started("--max-calls", "4")
      let wire = try daemon.connect()
      let streams = Rows.streams(5)
      try await daemon.whileLocked("mst_desa") {
        for stream in streams { try wire.request(stream, "Desa/List", []) }
        let refused = try wire.frames(1)[0]
        let status = try #require(try refused.status)
        #expect(refused.header.stream == streams[4] && status.code == .resourceExhausted, "\(status)")
        #expect(status.message.contains("4 calls"), "\(status.message)")
        try expectServed(daemon.connect())
      }
      for (_, answer) in try wire.answers(to: Array(streams.prefix(4))) {
        #expect(try answer.message(Bahari_V1_ListDesaReply.self).data.count == 10)
      }
      try expectServed(wire)
      #expect(try await daemon.stop() == 0)
    }

    @Test("--max-unread: a client that leaves more than so much unread is cut, and no other")
    func maxUnread() async throws {
      let daemon = try await started("--max-unread", "8")
      // A page of 1 MB.
      try await daemon.sql("UPDATE public.mst_desa SET alt_name = repeat('x', 40000)")
      let (wire, other) = try (daemon.connect(), daemon.connect())
      let list = try Bahari_V1_ListRequest.with { $0.limit = 25 }.serializedBytes() as [UInt8]
      try wire.send(Rows.streams(100).flatMap { Bytes.request($0, "Desa/List", list) })
      var answered = 0
      try await eventually("the end of the connection with 100 MB unread") {
        try expectServed(other)
        return try await daemon.client.stats().data.connections == 2
      }
      while let frame = try? wire.frame() {
        #expect(try frame.message(Bahari_V1_ListDesaReply.self).data.count == 25)
        answered += 1
      }
      #expect(answered < 100)
      try expectServed(other)
      #expect(try await daemon.stop() == 0)
    }

    @Test("--max-connections: the fourth client is closed at once, and is served when another one is gone")
    func maxConnections() async throws {
      let daemon = try await started("--max-connections", "3")
      var wires = try (0..<3).map { _ in try daemon.connect() }
      for wire in wires { try expectServed(wire) }
      for _ in 0..<10 { #expect(try daemon.connect().frame() == nil) }
      for wire in wires { try expectServed(wire) }
      wires.removeLast()
      try await eventually("the place of the one that left") {
        let wire = try daemon.connect()
        return (try? wire.call("Provinsi/Get", Bytes.get(11)).status == nil) ?? false
      }
      for wire in wires { try expectServed(wire) }
      #expect(try await daemon.stop() == 0)
    }

    @Test(
      "Without batching or pipelining all calls are answered as with them",
      arguments: [["--pipeline-depth", "1"], ["--no-batching"], ["--pipeline-depth", "2", "--statement-cache", "8"]])
    func unshared(options: [String]) async throws {
      let daemon = try await Daemon.serving(database: "limits", options)
      try await daemon.sql(Regions.sql)
      let bursts = Bursts(daemon: daemon)
      for round in 0..<5 {
        try bursts.gets()
        for (place, fault) in Bursts.Fault.allCases.enumerated() {
          let first = 2_000_000_000 + Int64(round * 32 + place * 16)
          try await bursts.creates(from: first, failing: round * 3, fault)
        }
      }
      let wire = try daemon.connect()
      let streams = Rows.streams(50)
      try wire.send(streams.flatMap { Bytes.request($0, "Desa/List", Bytes.message { $0.field(2, varint: 100) }) })
      for (_, answer) in try wire.answers(to: streams) {
        let page: Bahari_V1_ListDesaReply = try answer.message()
        #expect(page.data.count == 100 && page.pagination.total == 25 + 5 * 2 * 15)
      }
      #expect(try await daemon.stop() == 0)
    }

    // MARK: Attendance

    @Test("--full-day and --overtime-grace: a day is judged by them, and describe shows them")
    func attendance() async throws {
      let daemon = try await started("--full-day", "6.5", "--overtime-grace", "0")
      try await daemon.sql(Employees.sql(1))
      var statuses: [String] = []
      for (day, end) in [("01", "08:29:59"), ("02", "08:30:00"), ("03", "09:00:00")] {
        let date = "2026-02-\(day)"
        let begun = try await daemon.bahari(
          "check-in", "1", "--at", "-6,106", "--date", date, "--set", "checkin=\(date)T02:00:00Z")
        #expect(begun.exit == 0, "\(begun.error)")
        let ended = try await daemon.bahari(
          "check-out", "1", "--date", date, "--set", "checkout=\(date)T\(end)Z", "-o", "json")
        #expect(ended.exit == 0, "\(ended.error)")
        let row = try ended.json["data"] as? [String: Any]
        statuses.append("\(row?["status"] ?? "") \(row?["total_overtime"] ?? "")")
      }
      #expect(statuses == ["Pulang Sebelum Waktunya 0.00", "Tepat Waktu 0.00", "Lembur 0.50"])
      let described = try await daemon.bahari("describe", "absensi", "--markdown")
      #expect(described.output.contains("23400"), "\(described.output)")
      #expect(try await daemon.stop() == 0)
    }

    // MARK: Rights

    @Test(
      "--writers: a member of the group may write, others may read",
      .enabled(if: geteuid() == 0, "runs the CLI as other users, which takes root"))
    func writers() async throws {
      let daemon = try await started("--writers", "54321")
      // The socket's mode decides who may connect; this test is about who may write.
      chmod(daemon.socket, 0o666)
      let cli = try Place.fresh("bahari")
      try FileManager.default.copyItem(atPath: "\(Place.programs)/bahari", toPath: cli)
      chmod(cli, 0o755)
      func create(_ id: Int, _ identity: String...) async throws -> Ran {
        try await daemon.run(
          "/usr/bin/setpriv",
          identity + [
            cli, "create", "provinsi", "--set", "id=\(id)", "--set", "name=BARU", "--socket", daemon.socket,
          ])
      }
      let reader = ["--reuid=54300", "--regid=54300"]
      let member = try await create(70, reader[0], reader[1], "--groups=54320,54321")
      #expect(member.exit == 0, "\(member.error)")
      let primary = try await create(71, reader[0], "--regid=54321", "--clear-groups")
      #expect(primary.exit == 0, "\(primary.error)")
      for groups in ["--groups=54320,54322", "--clear-groups"] {
        let stranger = try await create(72, reader[0], reader[1], groups)
        #expect(stranger.exit == 77 && stranger.error.contains("54300"), "\(stranger.exit): \(stranger.error)")
        let read = try await daemon.run(
          "/usr/bin/setpriv", reader + [groups, cli, "get", "provinsi", "70", "--socket", daemon.socket])
        #expect(read.exit == 0 && read.output.contains("BARU"), "\(read.error)")
      }
      #expect(try await daemon.sql("SELECT id FROM public.mst_provinsi WHERE id >= 70 ORDER BY id") == "70\n71")
      #expect(try await daemon.stop() == 0)
    }

    // MARK: Refusals

    @Test(
      "Options out of their range are refused by name",
      arguments: [
        ["--max-connections", "0"], ["--max-calls", "0"], ["--max-calls", "65537"], ["--max-unread", "7"],
        ["--queue", "0"], ["--frame-time", "0"], ["--frame-time", "-1"], ["--idle-time", "-1"], ["--idle-time", "nan"],
        ["--write-stall-time", "inf"], ["--drain-time", "1e9"], ["--point-deadline", "0"], ["--list-deadline", "soon"],
        ["--batch-deadline", "0"], ["--pool-size", "0"], ["--pipeline-depth", "0"], ["--statement-cache", "7"],
        ["--shards", "0"], ["--writers", "no-such-group"], ["--full-day", "24.5"], ["--full-day", "-1"],
        ["--full-day", "nan"], ["--full-day", "7.0001"], ["--overtime-grace", "25"],
      ])
    func badOptions(option: [String]) async throws {
      let assignment = ["\(option[0])=\(option[1])"]
      let daemon = try Daemon(socket: Place.fresh("sock"), ["--database", "host=/nowhere"] + assignment)
      let exit = try await daemon.child.end()
      #expect(exit == (option[0] == "--writers" ? 1 : 64))
      #expect(daemon.child.standardError.contains(option[0]), "\(daemon.child.standardError)")
      #expect(!FileManager.default.fileExists(atPath: daemon.socket))
    }
  }
}
