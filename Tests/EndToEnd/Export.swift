import BahariClient
import BahariFrame
import TestSupport
import Testing

extension EndToEnd {
  /// Streams of all rows, to readers good and bad.
  @Suite(.served("export")) struct Export {
    /// More than the buffers of daemon and kernel can hide: some 35 MB.
    static let rows = 80_000
    private static let firstID = 2_000_000_001

    private let daemon: Daemon

    init() async throws {
      daemon = try Daemon.shared
      try await daemon.sql(
        """
        INSERT INTO public.mst_desa (id, district_id, name, alt_name)
        SELECT \(Export.firstID - 1) + n, 110201, 'Desa ' || n, repeat('laut ', 80) FROM generate_series(1, \(Export.rows)) n
        ON CONFLICT DO NOTHING;
        """)
    }

    private func request() throws -> [UInt8] {
      var request = ListRequest()
      request.filter = .field("district_id", .eq, "110201")
      return try request.serializedBytes()
    }

    /// Reads an export to its end and expects every row once, in order.
    private func expectAll(_ wire: Wire, from first: [Received] = []) throws {
      var next = Int64(Export.firstID)
      var frames = first
      while true {
        let frame = try frames.isEmpty ? wire.frames(1)[0] : frames.removeFirst()
        guard !frame.isTerminal else {
          #expect(frame.header.type == .data && frame.header.flags == [.remoteClosed, .noData])
          #expect(frame.data.isEmpty)
          break
        }
        try #require(frame.header.type == .data && frame.header.flags == [])
        try #require(frame.data.count <= 65_536)
        for id in try ids(in: frame) {
          try #require(id == next)
          next += 1
        }
      }
      #expect(next == Int64(Export.firstID + Export.rows))
    }

    /// The ids of the rows in a frame of an export, taken by field number: there are 80,000.
    private func ids(in frame: Received) throws -> [Int64] {
      var ids: [Int64] = []
      try frame.data.withUnsafeBytes { bytes in
        var page = WireReader(bytes)
        while let (number, value) = try page.next() {
          #expect(number != 5, "an export has no pagination")
          guard number == 4, case .bytes(let row) = value else { continue }
          var columns = WireReader(row)
          guard case (1, .varint(let id))? = try columns.next() else { throw Trouble("a row without an id") }
          ids.append(Int64(bitPattern: id))
        }
      }
      return ids
    }

    /// Sessions that export. Other databases of the cluster have their own.
    private static let exporting =
      "FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"

    /// Waits until exports have filled all buffers and none moves.
    private func stalled(_ count: Int) async throws {
      let sessions = "\(Self.exporting) AND query LIKE 'FETCH FORWARD%'"
      try await eventually("\(count) exports at a standstill") {
        try await daemon.sql("SELECT count(*) \(sessions) AND state_change < now() - interval '300 ms'") == "\(count)"
      }
    }

    private func noneRuns() async throws {
      try await eventually("the end of all exports in PostgreSQL") {
        try await daemon.sql("SELECT count(*) \(Self.exporting)") == "0"
      }
    }

    @Test("Every row comes once, in frames of at most 64 KiB, and then the end")
    func all() throws {
      let wire = try daemon.connect()
      try wire.request(1, "Desa/Export", try request())
      try expectAll(wire)
    }

    @Test("An export of nothing ends well")
    func nothing() throws {
      var request = ListRequest()
      request.filter = .field("district_id", .eq, "1")
      let wire = try daemon.connect()
      try wire.request(1, "Desa/Export", request)
      try wire.request(3, "Provinsi/Get", Bytes.get(11))
      let frames = try wire.frames(2)
      let end = try #require(frames.first { $0.header.stream == 1 })
      #expect(end.header.type == .data && end.header.flags == [.remoteClosed, .noData] && end.data.isEmpty)
    }

    @Test("A reader that stops costs little memory, and holds up nobody")
    func stoppedReader() async throws {
      let warm = try daemon.connect()
      try warm.request(1, "Desa/Export", try request())
      try expectAll(warm)
      let before = try daemon.child.residentKiB
      let wire = try daemon.connect()
      try wire.request(1, "Desa/Export", try request())
      try await stalled(1)
      let after = try daemon.child.residentKiB
      #expect(after < before + 8_192, "from \(before) to \(after) KiB, with an export of 35 MB unread")
      let other = try daemon.connect()
      for _ in 0..<200 {
        #expect(try other.call("Provinsi/Get", Bytes.get(11)).status == nil)
        #expect(try other.call("Kabupaten/List", []).status == nil)
      }
      try expectAll(wire)
    }

    @Test("A half-closed reader that reads nothing costs no processor time, and can go on")
    func halfClosedReader() async throws {
      let wire = try daemon.connect()
      try wire.request(1, "Desa/Export", try request())
      wire.finishSending()
      let first = try wire.frames(1)
      try await stalled(1)
      let idle = try daemon.connect()
      let before = try daemon.child.ticks
      #expect(idle.isSilent(forMilliseconds: 1_500))
      let after = try daemon.child.ticks
      // A source that fires without pause would take 150.
      #expect(after - before <= 15, "\(after - before) ticks while nothing was read")
      try expectAll(wire, from: first)
      #expect(try wire.frame() == nil)
    }

    @Test("Readers that go away in the middle give their connections to PostgreSQL back")
    func disconnects() async throws {
      for _ in 0..<20 {
        let wire = try daemon.connect()
        try wire.request(1, "Desa/Export", try request())
        #expect(try wire.frames(1)[0].header.type == .data)
      }
      let wire = try daemon.connect()
      try wire.request(1, "Desa/Export", try request())
      try expectAll(wire)
      try await noneRuns()
    }

    @Test("A cancel in the middle ends the stream, and nothing else")
    func cancel() async throws {
      let wire = try daemon.connect()
      try wire.request(1, "Desa/Export", try request())
      #expect(try wire.frames(1)[0].header.type == .data)
      try wire.send(.cancel, 1)
      var data = 1
      while true {
        let frame = try wire.frames(1)[0]
        guard frame.isTerminal else {
          data += 1
          continue
        }
        #expect(try frame.status?.code == .cancelled)
        break
      }
      // Some 540 make the whole export.
      #expect(data < 200)
      #expect(try wire.call("Provinsi/Get", Bytes.get(11)).status == nil)
      try await noneRuns()
    }

    @Test("A PostgreSQL session that dies in the middle ends the stream with an error")
    func lostSession() async throws {
      let wire = try daemon.connect()
      try wire.request(1, "Desa/Export", try request())
      try await stalled(1)
      try await daemon.sql("SELECT pg_terminate_backend(pid) \(Self.exporting)")
      var last = try wire.frames(1)[0]
      while !last.isTerminal { last = try wire.frames(1)[0] }
      #expect(try last.status?.code == .unavailable)
      try wire.request(3, "Desa/Export", try request())
      try expectAll(wire)
    }
  }
}
