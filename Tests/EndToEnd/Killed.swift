import BahariClient
import BahariCluster
import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// A daemon with a private PostgreSQL, either of which is killed with `kill -9`.
  @Suite(.startsDaemons) struct Killed {
    private let folder: String
    private let socket: String

    init() async throws {
      folder = try Place.fresh("data")
      socket = try Place.fresh("sock")
      // A daemon that was killed leaves its PostgreSQL running.
      try Reaper.watch(folder + "/postgres", binaries: try await ServerBinaries.find())
    }

    private func start() async throws -> Daemon {
      let daemon = try Daemon(socket: socket, ["--data-dir", folder])
      try await daemon.ready()
      return daemon
    }

    private var postmaster: PostmasterFile { PostmasterFile(in: folder + "/postgres") }

    private func create(_ id: Int32, _ daemon: Daemon) async throws {
      var row = Bahari_V1_Provinsi()
      (row.id, row.name) = (id, "PROVINSI \(id)")
      #expect(try await daemon.client.provinsi.create(row).data?.name == row.name)
    }

    @Test("The daemon, 20 times: the next one has its socket, its PostgreSQL and every row")
    func daemon() async throws {
      var server: pid_t?
      var recovery = Recovery("kill -9 of the daemon, from the next one's start")
      for round in Int32(1)...20 {
        let begin = ContinuousClock.now
        let daemon = try Daemon(socket: socket, ["--data-dir", folder])
        if let server {
          let client = daemon.client
          try await recovery.add(since: begin) {
            let row = try await client.provinsi.get(Int64(round - 1))
            #expect(row.name == "PROVINSI \(round - 1)")
          } write: {
            var row = Bahari_V1_Provinsi()
            (row.id, row.name) = (round - 1, "PROVINSI \(round - 1)")
            _ = try await client.provinsi.update(row)
          }
          #expect(postmaster.process == server)
        }
        try await daemon.ready()
        server = postmaster.process
        #expect(server != nil)
        #expect(try await daemon.client.provinsi.list().pagination.total == round - 1)
        try await create(round, daemon)
        daemon.child.signal(SIGKILL)
        #expect(try await daemon.child.end() == -SIGKILL)
      }
      print(recovery.line)
      let daemon = try await start()
      for id in Int32(1)...20 { #expect(try await daemon.client.provinsi.get(Int64(id)).name == "PROVINSI \(id)") }
      #expect(try await daemon.stop() == 0)
      #expect(postmaster.process == nil)
    }

    @Test("PostgreSQL, 5 times: it is started again, with a line in the log, and calls are answered")
    func server() async throws {
      let daemon = try await start()
      let client = daemon.client
      var recovery = Recovery("kill -9 of the private PostgreSQL, from its taking connections")
      for round in Int32(1)...5 {
        try await create(round, daemon)
        let server = try #require(postmaster.process)
        #expect(kill(server, SIGKILL) == 0)
        try await recovery.add(since: try await postmaster.ready(after: server)) {
          _ = try await client.provinsi.get(Int64(round))
        } write: {
          var row = Bahari_V1_Provinsi()
          (row.id, row.name) = (round, "PROVINSI \(round)")
          _ = try await client.provinsi.update(row)
        }
        try await eventually("answers after the loss of PostgreSQL") {
          guard let row = try? await client.provinsi.get(Int64(round)) else { return false }
          #expect(row.name == "PROVINSI \(round)")
          return try await client.health() == .serving
        }
        try await eventually("a list") { (try? await client.provinsi.list().pagination.total) == Int64(round) }
        try await eventually("a line for each time") {
          daemon.child.standardError.components(separatedBy: "runs again").count == Int(round) + 1
        }
      }
      print(recovery.line)
      #expect(try await daemon.stop() == 0)
      #expect(postmaster.process == nil)
    }

    @Test("A second daemon on the folder is refused with the folder and the first one's process, and the first goes on")
    func second() async throws {
      let first = try await start()
      try await create(11, first)
      let second = try Daemon(socket: try Place.fresh("sock"), ["--data-dir", folder])
      #expect(try await second.child.end() == 1)
      let error = second.child.standardError
      #expect(error.contains("\(folder)/postgres is used by process \(first.child.pid)"), "\(error)")
      #expect(error.contains("stop that one, or name another folder"), "\(error)")
      #expect(try await first.client.provinsi.get(11).name == "PROVINSI 11")
      #expect(try await first.stop() == 0)
    }
  }
}
