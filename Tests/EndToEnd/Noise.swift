import BahariFrame
import TestSupport
import Testing

extension EndToEnd {
  /// Random frames: none may crash the daemon, and every stream ends exactly once.
  @Suite(.served("noise")) struct Noise {
    private static let methods = [
      "Provinsi/Get", "Provinsi/List", "Kabupaten/Create", "Kecamatan/Update", "Desa/BatchUpsert", "Desa/Export",
      "Desa/ListWithRelations", "bahari.v1.DescriptorService/Get", "bahari.v1.StatsService/Get",
      "grpc.health.v1.Health/Check", "Desa/Nothing",
    ]
    private static let batch = 250

    @Test("10,000 random frames get one terminal frame each", arguments: [UInt64(1), 2, 3, 4])
    func random(seed: UInt64) throws {
      let bench = try Bench()
      var random = Seeded(seed)
      var ends: [UInt32: Int] = [:]
      var stream: UInt32 = 1
      for _ in 0..<(2_500 / Noise.batch) {
        var bytes: [UInt8] = []
        let first = stream
        for _ in 0..<Noise.batch {
          bytes += Noise.frame(stream, &random)
          stream += 2
        }
        try bench.wire.send(bytes)
        var missing = Noise.batch
        while missing > 0 {
          let frame = try #require(try bench.wire.frame(), "the connection was closed with \(missing) streams open")
          #expect((first..<stream).contains(frame.header.stream), "an answer on a stream that has ended")
          guard frame.isTerminal else { continue }
          ends[frame.header.stream, default: 0] += 1
          missing -= 1
        }
      }
      // A second answer on any stream would arrive before this one, and fail the check.
      try bench.proveAlive()
      #expect(ends.count == 2_500)
      #expect(ends.values.allSatisfy { $0 == 1 })
    }

    /// One frame that has to be answered: a request, or data on a stream that is not open.
    private static func frame(_ stream: UInt32, _ random: inout Seeded) -> [UInt8] {
      let method = methods.randomElement(using: &random) ?? "Desa/Get"
      let noise = random.bytes(Int.random(in: 0...64, using: &random))
      switch Int.random(in: 0..<5, using: &random) {
      case 0: return Bytes.frame(1, stream, noise)
      case 1: return Bytes.request(stream, method, noise)
      case 2:
        let whole = Bytes.request(stream, method, Bytes.get(Int64.random(in: 0...2_000, using: &random)))
        let data = Array(whole.dropFirst(FrameHeader.size))
        return Bytes.frame(1, stream, Array(data.prefix(Int.random(in: 0...data.count, using: &random))))
      case 3:
        var whole = Bytes.request(stream, method, Bytes.get(Int64.random(in: 0...2_000, using: &random)))
        let place = Int.random(in: FrameHeader.size..<whole.count, using: &random)
        whole[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        return whole
      default: return Bytes.frame(3, stream, [0x0a] + noise)
      }
    }
  }
}
