import BahariMigration
import BahariPostgres
import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// The migrator and PostgreSQL are killed before statements of a run, of a run by phases and of an undo. The database is
  /// then exactly as before, or at a boundary between phases that `status` names, and the next run continues from there.
  @Suite struct MigrateCrashes {
    @Test("Killed at one statement in eight of a run, of a run by phases and of an undo, and at every end of a phase")
    func someStatements() async throws { try await everywhere(step: 8) }

    /// Twelve hundred crash points, which take minutes.
    @Test(
      "Killed at every statement of a run, of a run by phases and of an undo",
      .enabled(
        if: ByName.isAsked("everyStatement"),
        "takes minutes; run it with: swift test --filter MigrateCrashes.everyStatement"))
    func everyStatement() async throws { try await everywhere(step: 1) }

    private func everywhere(step: Int) async throws {
      // At the same time: while one waits for PostgreSQL's recovery the other has the processors.
      try await withThrowingTaskGroup(of: Void.self) { group in
        for victim in CrashVictim.allCases { group.addTask { try await everywhere(victim, step: step) } }
        try await group.waitForAll()
      }
    }

    private func everywhere(_ victim: CrashVictim, step: Int) async throws {
      // All sweeps share a cluster. Each has several databases, and one kill of PostgreSQL hits all of them.
      let site = try await CrashSite()
      let sweeps = [try await atomic(site, step), try await phased(site, step), try await undo(site, step)]
      for sweep in sweeps { #expect(sweep.points > 150 / step, "\(sweep.name): \(sweep.points) points") }
      var tracks = sweeps.flatMap(\.tracks)
      while true {
        let running = tracks.indices.filter { !tracks[$0].isDone }
        guard !running.isEmpty else { break }
        var wave = try await started(running.map { tracks[$0] })
        try await site.kill(victim, wave)
        for place in wave.indices { try await wave[place].track.check() }
        for (index, run) in zip(running, wave) { tracks[index] = run.track }
        wave.removeAll()
      }
      for sweep in sweeps {
        try await sweep.finish()
        print("\(sweep.name), \(victim) killed: \(sweep.points) crash points")
      }
    }

    /// Starts a migrator in every database and returns when each has reached its crash point.
    private func started(_ tracks: [CrashTrack]) async throws -> [CrashRun] {
      try await withThrowingTaskGroup(of: (Int, CrashRun).self) { group in
        for (place, track) in tracks.enumerated() { group.addTask { (place, try await CrashRun(track)) } }
        return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
      }
    }

    private func atomic(_ site: CrashSite, _ step: Int) async throws -> CrashSweep {
      let before = CrashState(try Snapshot.take(try site.original.session()), phases: [])
      let count = try Plan.read(try site.original.session()).statements.count
      var tracks: [CrashTrack] = []
      for number in 0..<CrashSweep.width {
        let points = CrashSweep.points(number, count, step).map { CrashPoint(after: $0, state: before) }
        let old = try await site.copy("atomic_\(number)", of: site.original)
        tracks.append(CrashTrack(old, ["run", "--no-backup"], points, before))
      }
      let old = tracks[0].old
      return CrashSweep(name: "run in one transaction", tracks: tracks) {
        try await old.complete("run", "--no-backup")
        #expect(try Inspector.inspect(try old.session()).state == .current)
      }
    }

    private func undo(_ site: CrashSite, _ step: Int) async throws -> CrashSweep {
      let legacy = CrashState(try Snapshot.take(try site.original.session()), phases: [], afterUndo: true)
      let migrated = try await site.copy("migrated", of: site.original)
      _ = try Migrator(session: try migrated.session()).run()
      let state = CrashState(try Snapshot.take(try migrated.session()), phases: Phase.all.map(\.number))
      let counted = try await site.copy("undone", of: migrated)
      let recorder = MigrationRecorder()
      _ = try Undo(session: try counted.session()) { recorder.record($0) }.run()
      let count = recorder.summary.statements.count
      var tracks: [CrashTrack] = []
      for number in 0..<CrashSweep.width {
        let points = CrashSweep.points(number, count, step).map { CrashPoint(after: $0, state: state) }
        let old = try await site.copy("undo_\(number)", of: migrated)
        tracks.append(CrashTrack(old, ["undo"], points, state))
      }
      let old = tracks[0].old
      return CrashSweep(name: "undo", tracks: tracks) {
        try await old.complete("undo")
        try legacy.expect(try old.session())
      }
    }

    private func phased(_ site: CrashSite, _ step: Int) async throws -> CrashSweep {
      let (boundaries, counts) = try await boundaries(site)
      var tracks: [CrashTrack] = []
      for number in 0..<CrashSweep.width {
        var points: [CrashPoint] = []
        for (phase, count) in counts.enumerated() {
          // Before the first statement of a later phase: the run commits the phase before it, and is killed then.
          if phase > 0 { points.append(CrashPoint(after: counts[phase - 1], state: boundaries[phase])) }
          let first = phase == 0 ? number : number + 1
          points += CrashSweep.points(first, count, step).map { CrashPoint(after: $0, state: boundaries[phase]) }
        }
        let old = try await site.copy("phased_\(number)", of: site.original)
        tracks.append(CrashTrack(old, ["run", "--phased", "--no-backup"], points, boundaries[0]))
      }
      let (old, end) = (tracks[0].old, boundaries[Phase.all.count])
      return CrashSweep(name: "run by phases", tracks: tracks) {
        try await old.complete("run", "--phased", "--no-backup")
        try end.expect(try old.session())
      }
    }

    /// The states between the phases, from none to all, reached without a kill, and the statements of each phase.
    private func boundaries(_ site: CrashSite) async throws -> (states: [CrashState], counts: [Int]) {
      let old = try await site.copy("boundaries", of: site.original)
      var states = [CrashState(try Snapshot.take(try old.session()), phases: [])]
      var counts: [Int] = []
      for phase in Phase.all {
        var options = Migrator.Options()
        (options.mode, options.through) = (.phased, phase.number)
        let recorder = MigrationRecorder()
        let session = try old.session()
        _ = try Migrator(session: session, options: options) { recorder.record($0) }.run()
        states.append(CrashState(try Snapshot.take(session), phases: Array(1...phase.number)))
        counts.append(recorder.summary.statements.count)
      }
      return (states, counts)
    }

    @Test("After a kill between phases status reports where it stopped, and how to continue")
    func status() async throws {
      let old = try await OldDatabase("crash_status")
      let steps = try StepListener()
      let child = try Child(
        "baharid",
        ["migrate", "run", "--phased", "--no-backup", "--database", old.conninfo, "--step-socket", steps.path]
          + ["--report-dir", try Place.fresh("reports")])
      while let text = try await steps.next(), !text.hasPrefix("\(Phase.newColumns.number) ") { steps.go() }
      child.signal(SIGKILL)
      #expect(try await child.end() == -SIGKILL)
      try await eventually("the end of the session") {
        try await TestCluster.shared().execute(
          "SELECT count(*) FROM pg_stat_activity WHERE datname = '\(old.name)' AND application_name = 'baharid'") == "0"
      }
      let status = try await old.migrate("status")
      #expect(status.exit == 0 && status.output.contains("stopped after phase 3 of 8"), "\(status.output)")
      let resumed = try await old.migrate("run", "--no-backup", "--report-dir", try Place.fresh("reports"))
      #expect(resumed.exit == 0, "\(resumed.output) \(resumed.error)")
      #expect(try await old.migrate("verify").exit == 0)
    }
  }
}

/// One command that is killed before each of its statements, in several databases at the same time.
struct CrashSweep {
  /// How many databases share the crash points of a sweep.
  static let width = 4

  let name: String
  let tracks: [CrashTrack]
  /// How many statements are killed at.
  let points: Int
  /// Lets the command run to its end in a database where it was killed often.
  let finish: () async throws -> Void

  init(name: String, tracks: [CrashTrack], finish: @escaping () async throws -> Void) {
    (self.name, self.tracks, self.finish) = (name, tracks, finish)
    points = tracks.reduce(0) { $0 + $1.remaining }
  }

  /// The statements of one database, out of `count`: every `step`th of those that are its share.
  static func points(_ first: Int, _ count: Int, _ step: Int) -> StrideTo<Int> {
    stride(from: first, to: count, by: width * step)
  }
}

extension OldDatabase {
  fileprivate func complete(_ verb: String, _ arguments: String...) async throws {
    let folder = verb == "run" ? ["--report-dir", try Place.fresh("reports")] : []
    let ran = try await OldDatabase.baharid(["migrate", verb, "--database", conninfo] + arguments + folder)
    #expect(ran.exit == 0, "\(ran.output) \(ran.error)")
  }
}
