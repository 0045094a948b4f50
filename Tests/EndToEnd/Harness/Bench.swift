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
