import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// Imports that end in the middle for any reason, and are resumed: every row exists once.
  @Suite(.startsDaemons) struct Resuming {
    private static let rows = 8_000
    private static let options = ["--batch", "50"]

    /// Rows without a key: only their count shows whether some were written twice.
    private static let roles = "level_role,nama_role\n" + (1...rows).map { "9,Peran \($0)\n" }.joined()

    private func expectOnce(_ workshop: Workshop, _ ran: Ran) async throws {
      #expect(ran.exit == 0, "\(ran.error)")
      #expect(ran.output == "created \(Self.rows), updated 0, unchanged 0, failed 0\n", "\(ran.error)")
      let counts = try await workshop.daemon.sql(
        "SELECT count(*), count(DISTINCT nama_role) FROM public.mst_role WHERE level_role = '9'")
      #expect(counts == "\(Self.rows)|\(Self.rows)" || counts == "\(Self.rows)\t\(Self.rows)", "\(counts)")
    }

    /// Starts the import, and blocks it in the middle with a batch in flight.
    private func inTheMiddle<R>(
      _ workshop: Workshop, _ file: String, _ body: (Child) async throws -> R
    ) async throws -> R {
      let daemon = workshop.daemon
      let child = try workshop.start("import", "role", "\(workshop.folder)/\(file)", "--batch", "50")
      try await eventually("some rows") {
        (Int(try await daemon.sql("SELECT count(*) FROM public.mst_role WHERE level_role = '9'")) ?? 0) >= 500
      }
      return try await daemon.whileLocked("mst_role") {
        try await eventually("a batch that waits") {
          try await daemon.sql("SELECT count(*) > 0 \(Daemon.locks(on: "mst_role")) AND NOT granted") == "t"
        }
        #expect(child.exit == nil, "the import was done before it could be held up")
        return try await body(child)
      }
    }

    /// The number of rows that the import's state file records as created.
    private func known(_ workshop: Workshop) throws -> Int {
      let folder = "\(workshop.folder)/state/bahari"
      let file = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
      let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("rows ") })
      return try #require(Int(line.split(separator: " ")[1]))
    }

    private func resume(_ workshop: Workshop, _ more: String = "") async throws -> Ran {
      try await workshop.run("bahari import role roles.csv --batch 50 --resume \(more)")
    }

    @Test(
      "kill -9 of the CLI, with a batch in flight that is lost, or that is written and not yet recorded",
      arguments: [false, true])
    func killed(isWritten: Bool) async throws {
      let workshop = try await Workshop(database: "resume_killed")
      try workshop.write(Self.roles, to: "roles.csv")
      let child = try await inTheMiddle(workshop, "roles.csv") { child in
        // Stopped, it takes no reply.
        child.signal(isWritten ? SIGSTOP : SIGKILL)
        return child
      }
      if isWritten {
        let known = try known(workshop)
        try await eventually("a batch more than the CLI has recorded") {
          try await workshop.daemon.sql("SELECT count(*) FROM public.mst_role WHERE level_role = '9'")
            == "\(known + 50)"
        }
        child.signal(SIGKILL)
      }
      let ended = try await child.end()
      #expect(ended == -SIGKILL)
      // Without a key the same rows would be added again.
      let again = try await workshop.run("bahari import role roles.csv --batch 50")
      #expect(again.exit == 65 && again.error.contains("--resume"), "\(again.error)")
      let other = try await workshop.run("bahari import role roles.csv --batch 60 --resume")
      #expect(other.exit == 64 && other.error.contains("--batch 50"), "\(other.error)")
      try await expectOnce(workshop, try await resume(workshop))
      let done = try await resume(workshop)
      #expect(done.exit == 66 && done.error.contains("was interrupted here"), "\(done.error)")
      #expect(try await workshop.daemon.stop() == 0)
    }

    @Test("kill -9 of the daemon") func daemonKilled() async throws {
      let workshop = try await Workshop(database: "resume_daemon")
      try workshop.write(Self.roles, to: "roles.csv")
      let daemon = workshop.daemon
      try await inTheMiddle(workshop, "roles.csv") { child in
        daemon.child.signal(SIGKILL)
        let killed = try await daemon.child.end()
        #expect(killed == -SIGKILL)
        let ended = try await child.end()
        #expect(ended == 69)
        #expect(child.standardError.contains("before that: created "), "\(child.standardError)")
        #expect(child.standardError.contains("--resume continues"), "\(child.standardError)")
      }
      let next = try await daemon.another(socket: daemon.socket)
      try await expectOnce(workshop, try await resume(workshop))
      #expect(try await next.stop() == 0)
    }

    @Test("Ctrl-C prints the progress and ends the import at once, by the signal") func interrupted() async throws {
      let workshop = try await Workshop(database: "resume_interrupted")
      try workshop.write(Self.roles, to: "roles.csv")
      try await inTheMiddle(workshop, "roles.csv") { child in
        child.signal(SIGINT)
        let ended = try await child.end()
        #expect(ended == -SIGINT)
        #expect(child.standardError.hasPrefix("interrupted: created "), "\(child.standardError)")
      }
      // Lines that are done must be unchanged; later lines may be corrected.
      try workshop.write(Self.roles.replacing("Peran 7\n", with: "Peran 07\n"), to: "roles.csv")
      let changed = try await resume(workshop)
      #expect(changed.exit == 65 && changed.error.contains("has changed before line"), "\(changed.error)")
      try workshop.write(Self.roles.replacing("Peran \(Self.rows)\n", with: "Mandor\n"), to: "roles.csv")
      try await expectOnce(workshop, try await resume(workshop))
      #expect(try await workshop.daemon.sql("SELECT count(*) FROM public.mst_role WHERE nama_role = 'Mandor'") == "1")
      #expect(try await workshop.daemon.stop() == 0)
    }

    @Test("After bad rows are corrected, the import goes on") func mended() async throws {
      let workshop = try await Workshop(database: "resume_mended")
      let bad = Self.roles.replacing("9,Peran 4321\n", with: "9,\n")
      try workshop.write(bad, to: "roles.csv")
      let stopped = try await workshop.run("bahari import role roles.csv --batch 50")
      #expect(stopped.exit == 65 && stopped.error.contains("line 4322: nama_role"), "\(stopped.error)")
      #expect(stopped.error.contains("before that: created 4300") && stopped.error.contains("--resume"))
      try workshop.write(Self.roles, to: "roles.csv")
      try await expectOnce(workshop, try await resume(workshop))
      // Bad rows in the first batch leave nothing behind.
      try workshop.write("level_role,nama_role\n9,\n", to: "first.csv")
      let first = try await workshop.run("bahari import role first.csv; bahari import role first.csv")
      #expect(first.error.components(separatedBy: "line 2: nama_role").count == 3, "\(first.error)")
      #expect(try await workshop.daemon.stop() == 0)
    }

    @Test("With a key, the later of two lines wins, however many batches are in flight") func later() async throws {
      let workshop = try await Workshop(database: "resume_later")
      var text = "kode_komoditas,nama_komoditas,kategori,satuan\n"
      for round in 1...40 { for code in 1...7 { text += "C\(code),Nama \(round),Ikan,kg\n" } }
      try workshop.write(text, to: "komoditas.csv")
      let ran = try await workshop.run("bahari import komoditas komoditas.csv --batch 5 --in-flight 16")
      #expect(ran.exit == 0 && ran.output.hasPrefix("created 7, updated "), "\(ran.output) \(ran.error)")
      let names = try await workshop.daemon.sql(
        "SELECT string_agg(DISTINCT nama_komoditas, ' ') FROM public.mst_komoditas WHERE kode_komoditas LIKE 'C_'")
      #expect(names == "Nama 40")
      #expect(try await workshop.daemon.stop() == 0)
    }
  }
}
