import BahariClient
import BahariCluster
import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// `baharid demo`: a country to try calls on.
  @Suite struct Demo {
    @Test("The whole country is put in once, the calls it prints work, and another seed is refused")
    func country() async throws {
      let folder = try Place.fresh("demo")
      let socket = try Place.fresh("sock")
      try Reaper.watch(folder + "/postgres", binaries: try await ServerBinaries.find())
      func start(_ arguments: String...) throws -> Daemon {
        try Daemon(socket: socket, ["--data-dir", folder] + arguments, command: "demo")
      }

      let first = try start()
      try await first.says("  bahari bench")
      let client = first.client
      #expect(try await client.provinsi.list().pagination.total == 34)
      #expect(try await client.kabupaten.list().pagination.total == 514)
      #expect(try await client.kecamatan.list().pagination.total == 7_266)
      #expect(try await client.desa.list().pagination.total == 83_467)
      let calls = first.child.standardOutput.split(separator: "\n").filter { $0.hasPrefix("  bahari ") }
      #expect(calls.count == 4)
      for call in calls {
        let ran = try await first.shell(call + (call.contains(" bench ") ? " --duration 1" : ""))
        #expect(ran.exit == 0 && !ran.output.contains(", 0 rows"), "\(call): \(ran.output) \(ran.error)")
      }
      let village = try #require(try await client.desa.list().data.first)
      _ = try await client.desa.delete(village.id)
      #expect(try await first.stop() == 0)

      let again = try start()
      try await again.ready()
      #expect(again.child.standardOutput.contains("are there already"))
      #expect(try await again.client.desa.list().pagination.total == 83_466)
      #expect(try await again.stop() == 0)

      let other = try start("--seed", "2")
      #expect(try await other.child.end() == 1)
      #expect(other.child.standardError.contains("demo of seed 1, not of 2"), "\(other.child.standardError)")
    }

    @Test("A database with other rows is refused and left as it is")
    func otherRows() async throws {
      let served = try await Daemon.serving(database: "demo_other")
      try await served.sql(Regions.sql)
      #expect(try await served.stop() == 0)
      let conninfo = try await TestCluster.shared().cluster.conninfo(database: "demo_other")
      let demo = try Daemon(socket: try Place.fresh("sock"), ["--database", conninfo], command: "demo")
      #expect(try await demo.child.end() == 1)
      #expect(demo.child.standardError.contains("public.mst_provinsi holds rows"), "\(demo.child.standardError)")
      #expect(demo.child.standardError.contains("--data-dir"))
      #expect(try await served.sql("SELECT count(*) FROM public.mst_desa") == "25")
      #expect(try await served.sql("SELECT to_regclass('bahari.demo') IS NULL") == "t")
    }
  }
}
