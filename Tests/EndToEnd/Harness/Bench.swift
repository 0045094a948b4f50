import BahariClient
import BahariFrame
import Testing

/// A connection that is treated badly, and one beside it.
struct Bench {
  let daemon: Daemon
  let wire: Wire
  private let neighbour: Wire

  init() throws {
    daemon = try Daemon.shared
    wire = try daemon.connect()
    neighbour = try daemon.connect()
  }

  /// Both connections still answer, and with the right row.
  func proveAlive(_ location: SourceLocation = #_sourceLocation) throws {
    for (name, wire) in [("the same connection", wire), ("another connection", neighbour)] {
      let reply: Bahari_V1_ProvinsiReply = try wire.call("Provinsi/Get", Bytes.get(11)).message()
      #expect(reply.data.name == "ACEH", "a Get on \(name)", sourceLocation: location)
    }
  }

  func proveNeighbourAlive() throws {
    let reply: Bahari_V1_ProvinsiReply = try neighbour.call("Provinsi/Get", Bytes.get(11)).message()
    #expect(reply.data.name == "ACEH")
  }

  /// Sends one frame and expects one Response with an error on the stream.
  func answer(to frame: [UInt8], on stream: UInt32) throws -> Status {
    try wire.send(frame)
    let answer = try wire.frames(1)[0]
    #expect(answer.header.stream == stream)
    return try #require(try answer.status)
  }
}

/// Random values that are the same in every run.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }
}
