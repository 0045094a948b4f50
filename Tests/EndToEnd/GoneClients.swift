import BahariClient
import BahariFrame
import TestSupport
import Testing

extension Watched {
  /// Clients that close their connections with frames in flight.
  @Suite(.served("gone_clients")) struct GoneClients {
    @Test("A client that goes away with its last bytes unread leaves nothing open", arguments: [5, 1_000])
    func goneAtOnce(length: Int) async throws {
      let bench = try Bench()
      let before = try bench.daemon.child.descriptors
      let calls = Bytes.request(1, "Provinsi/Get", Bytes.get(12)) + Bytes.request(3, "Desa/List", [])
      for _ in 0..<50 { try bench.daemon.connect().send(Array(calls.prefix(length))) }
      // List may have opened connections to PostgreSQL, of which there are few.
      try await eventually("the end of 50 connections") { try bench.daemon.child.descriptors < before + 20 }
      try bench.proveAlive()
    }
  }
}
