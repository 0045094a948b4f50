import BahariClient
import BahariFrame
import Foundation
import TestSupport
import Testing

extension Watched {
  /// Many clients that ask for much and read little: they cost bounded memory, and other clients are served meanwhile.
  @Suite(.served("crowds")) struct Crowds {
    /// The most memory of a debug build's daemon, which takes 31 MiB without clients.
    private static let mostKiB = 72 * 1024
    /// Memory that the daemon may keep after a crowd has left.
    private static let keptKiB = 12 * 1024
    private let daemon: Daemon

    init() throws { daemon = try Daemon.shared }

    /// A crowd comes, does something, and leaves; beside it a neighbour calls.
    private func bear(_ name: String, _ crowd: () async throws -> [Wire]) async throws {
      // Connections to PostgreSQL that stay are made before the count.
      for _ in 0..<20 { _ = try await daemon.client.desa.list() }
      let before = try daemon.child.descriptors
      let alone = try daemon.child.residentKiB
      var wires = try await crowd()
      let neighbour = Neighbour(daemon)
      let client = daemon.client
      for _ in 0..<200 { #expect(try await client.desa.get(1_101_010_001).name == "Desa 1") }
      let memory = try daemon.child.residentKiB
      let most = try daemon.child.descriptors
      print(
        "\(name): \(try await neighbour.end()) calls beside it, \(memory) KiB (before: \(alone)), \(most) descriptors")
      #expect(memory < Crowds.mostKiB)
      #expect(most >= before + wires.count, "the crowd was not there")
      wires.removeAll()
      await client.close()
      try await eventually("the end of the crowd") { try daemon.child.descriptors < before + 20 }
      // Connections to PostgreSQL and prepared statements stay.
      try await eventually("memory given back after \(name)", within: 30) {
        try daemon.child.residentKiB < alone + Crowds.keptKiB
      }
      #expect(try await daemon.client.desa.list().data.count == 10)
    }

    @Test("50 clients that never read the answers to 200 lists and exports each")
    func readers() async throws {
      try await daemon.sql(
        """
        INSERT INTO public.mst_desa (id, district_id, name)
          SELECT 2000000000 + n, 110101, 'Desa ' || n FROM generate_series(1, 20000) n;
        """)
      try await bear("50 clients that do not read") {
        let wires = try (0..<50).map { _ in
          let wire = try daemon.connect()
          try wire.send(
            Rows.streams(200).flatMap { Bytes.request($0, $0 % 4 == 1 ? "Desa/List" : "Desa/Export", []) })
          return wire
        }
        // Until all buffers are full and the daemon rests.
        try await eventually("a daemon at rest") {
          let before = try daemon.child.ticks
          try await Task.sleep(for: .milliseconds(300))
          return try daemon.child.ticks <= before + 1
        }
        return wires
      }
    }

    @Test("200 clients that send a byte a second")
    func slow() async throws {
      try await bear("200 clients of a byte a second") {
        let wires = try (0..<200).map { _ in try daemon.connect() }
        let frame = Bytes.request(1, "Desa/Get", Bytes.get(11))
        for second in 0..<4 {
          for wire in wires { try wire.send([frame[second]]) }
          try await Task.sleep(for: .seconds(1))
        }
        return wires
      }
    }

    @Test("1,000 clients that are idle", .enabled(if: OpenFiles.limit >= 4_096, "takes 4,096 descriptors"))
    func idle() async throws {
      try await bear("1,000 idle clients") {
        try (0..<1_000).map { _ in
          let wire = try daemon.connect()
          #expect(try wire.call("Provinsi/Get", Bytes.get(11)).status == nil)
          return wire
        }
      }
    }
  }
}
