import BahariClient
import BahariFrame
import Testing

extension EndToEnd {
  /// Frames that are wrong, whatever they carry.
  @Suite(.served("bad_frames")) struct BadFrames {
    private let bench: Bench
    private var wire: Wire { bench.wire }

    init() throws { bench = try Bench() }

    @Test("A frame of 5 MiB is answered, skipped, and its connection lives")
    func oversize() throws {
      let length = 5 * 1_048_576
      let status = try bench.answer(to: Bytes.frame(1, 7, length: UInt32(length)), on: 7)
      #expect(status.code == .resourceExhausted)
      #expect(status.message.contains("\(length)") && status.message.contains("4194304"), "\(status.message)")
      try wire.send([UInt8](repeating: 0xff, count: length))
      try bench.proveAlive()
    }

    @Test("A frame that claims 4 GiB is answered, and its connection closed")
    func hopeless() throws {
      let status = try bench.answer(to: Bytes.frame(1, 9, length: .max), on: 9)
      #expect(status.code == .resourceExhausted && status.message.contains("4294967295"), "\(status.message)")
      #expect(try wire.frame() == nil)
      try bench.proveNeighbourAlive()
    }

    @Test("Even ids are refused, whatever the frame", arguments: [UInt8(1), 3, 0x43, 0x77])
    func evenID(type: UInt8) throws {
      let frame = Bytes.frame(type, 8, Array(Bytes.request(8, "Provinsi/Get", Bytes.get(11)).dropFirst(10)))
      let status = try bench.answer(to: frame, on: 8)
      #expect(status.code == .invalidArgument && status.message.contains("even"), "\(status.message)")
      try bench.proveAlive()
    }

    @Test("An id in use is refused, and the call that uses it goes on")
    func idInUse() async throws {
      try await bench.daemon.whileLocked("mst_desa") {
        try wire.request(5, "Desa/List", [])
        let status = try bench.answer(to: Bytes.request(5, "Provinsi/Get", Bytes.get(11)), on: 5)
        #expect(status.code == .invalidArgument && status.message.contains("in use"), "\(status.message)")
        try bench.proveAlive()
      }
      let page: Bahari_V1_ListDesaReply = try #require(try wire.frames(1).first).message()
      #expect(page.data.count == 10)
    }

    @Test("An id may be used again once its call has ended")
    func idAgain() throws {
      for id: Int64 in [11, 12] {
        try wire.request(5, "Provinsi/Get", Bytes.get(id))
        let reply: Bahari_V1_ProvinsiReply = try wire.frames(1)[0].message()
        #expect(Int64(reply.data.id) == id)
      }
    }

    @Test("Data on a unary call ends that call alone")
    func dataOnUnary() async throws {
      try await bench.daemon.whileLocked("mst_desa") {
        try wire.request(5, "Desa/List", [])
        try wire.request(7, "Desa/List", [])
        let status = try bench.answer(to: Bytes.frame(3, 5, [8, 5]), on: 5)
        #expect(status.code == .invalidArgument)
        try bench.proveAlive()
      }
      let page = try #require(try wire.frames(1).first)
      #expect(page.header.stream == 7)
      #expect(try page.message(Bahari_V1_ListDesaReply.self).data.count == 10)
      try bench.proveAlive()
    }

    @Test("A half close of a unary call's stream is allowed")
    func halfClose() async throws {
      try await bench.daemon.whileLocked("mst_desa") {
        try wire.request(5, "Desa/List", [])
        try wire.send(.data, 5, flags: [.remoteClosed, .noData])
        try bench.proveAlive()
      }
      #expect(try wire.frames(1)[0].message(Bahari_V1_ListDesaReply.self).data.count == 10)
    }

    @Test("Data on a stream that was never opened, or has ended, is refused")
    func dataOnNoStream() throws {
      let never = try bench.answer(to: Bytes.frame(3, 21, [8, 5]), on: 21)
      #expect(never.code == .invalidArgument)
      try wire.request(23, "Provinsi/Get", Bytes.get(11))
      #expect(try wire.frames(1)[0].status == nil)
      let finished = try bench.answer(to: Bytes.frame(3, 23, [8, 5]), on: 23)
      #expect(finished.code == .invalidArgument)
      try bench.proveAlive()
    }

    @Test("Frames of unknown type are ignored", arguments: [UInt8(0), 2, 4, 5, 0x44, 0xff])
    func unknownType(type: UInt8) throws {
      try wire.send(Bytes.frame(type, 31, flags: [.remoteOpen], [1, 2, 3]))
      // The next frame is the Get's answer: the frame of unknown type got none.
      try bench.proveAlive()
    }

    @Test("A cancel on a stream that was never opened, or has ended, is ignored")
    func cancelOnNoStream() throws {
      try wire.send(.cancel, 41)
      try wire.request(43, "Provinsi/Get", Bytes.get(11))
      #expect(try wire.frames(1)[0].status == nil)
      try wire.send(.cancel, 43)
      try bench.proveAlive()
    }

    @Test("A cancel ends its call with CANCELLED, and no other")
    func cancel() async throws {
      try await bench.daemon.whileLocked("mst_desa") {
        try wire.request(5, "Desa/List", [])
        try wire.request(7, "Desa/List", [])
        let status = try bench.answer(to: Bytes.frame(0x43, 5), on: 5)
        #expect(status.code == .cancelled)
        try bench.proveAlive()
      }
      #expect(try wire.frames(1)[0].header.stream == 7)
      try bench.proveAlive()
    }

    @Test("A request of no bytes is answered")
    func emptyRequest() throws {
      #expect(try bench.answer(to: Bytes.frame(1, 5), on: 5).code == .unimplemented)
      try bench.proveAlive()
    }
  }
}
