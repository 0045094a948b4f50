import BahariMigration
import Foundation
import Synchronization

/// What happens in a migration or an undo, told while it happens: by a bar on the terminal, by a line for each phase,
/// and by every statement in a file, where it stands before it is run.
final class MigrationLog: Sendable {
  struct Statement: Codable, Sendable {
    let phase: Int
    let sql: String
    let seconds: Double
  }

  struct PhaseTime: Codable, Sendable {
    let number: Int
    let name: String
    let seconds: Double
    /// Rows by legacy names, after the phase.
    let counts: [String: Int64]
  }

  /// A time in which the tables were locked; in seconds since 1970.
  struct Window: Codable, Sendable {
    let from: Double
    let to: Double
  }

  struct Summary: Codable, Sendable {
    var statements: [Statement] = []
    var phases: [PhaseTime] = []
    var windows: [Window] = []
    /// How long tables were locked in all.
    var lockedSeconds = 0.0
    var refusedLocks = 0
    var committedPhases: [Int] = []
  }

  private struct State {
    var summary = Summary()
    var lockedSince: (instant: ContinuousClock.Instant, time: Double)?
    var phase: Phase?
    /// The statement that runs, or ran last.
    var running: (phase: Int, sql: String)?
    var begun = 0
  }

  private let line: ProgressLine
  private let file: FileHandle?
  private let gate: StatementGate?
  /// How many statements there will be, about; for the bar.
  private let total: Int
  private let state = Mutex(State())

  /// - Parameter path: The file that every statement is added to.
  init(_ line: ProgressLine, path: String? = nil, statements total: Int = 0, gate: StatementGate? = nil) throws {
    (self.line, self.total, self.gate) = (line, total, gate)
    file = try path.map { path in
      guard
        FileManager.default.fileExists(atPath: path)
          || FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
        let file = FileHandle(forWritingAtPath: path)
      else { throw PlaceError(description: "\(path) cannot be written") }
      try file.seekToEnd()
      return file
    }
  }

  var summary: Summary { state.withLock { $0.summary } }

  /// What an alert names: the statement that was on its way.
  var running: (phase: Int, sql: String)? { state.withLock { $0.running } }

  func observe(_ event: MigrationEvent) {
    switch event {
    case .lockRefused(let attempt, let of, let blockers):
      state.withLock { $0.summary.refusedLocks += 1 }
      let who = blockers.map(\.description).joined(separator: "; ")
      tell("locks refused, attempt \(attempt) of \(of)" + (who.isEmpty ? "" : ": held by \(who)"))
    case .locked(let tables, let attempt):
      state.withLock { $0.lockedSince = (.now, Date.now.timeIntervalSince1970) }
      write("locked \(tables.count) tables at attempt \(attempt)")
    case .checking(let what):
      write("checking \(what)")
      line.show("checking", what, done: 0, of: 1)
    case .phaseBegan(let phase):
      state.withLock { $0.phase = phase }
      write("phase \(phase.number) begins: \(phase.name)")
    case .statement(let phase, let sql): begin(phase, sql)
    case .statementEnded(let phase, let sql, let seconds):
      state.withLock { $0.summary.statements.append(Statement(phase: phase, sql: sql, seconds: seconds)) }
      write("done in \(Seconds(seconds))")
    case .phaseEnded(let phase, let counts, let seconds): end(phase, counts, seconds)
    case .committed(let phases, let seconds):
      unlock()
      state.withLock { $0.summary.committedPhases += phases }
      tell("committed phases \(phases.map(String.init).joined(separator: ", ")) after \(Seconds(seconds))")
    case .undoing(let phases):
      tell("undoing phases \(phases.map(String.init).joined(separator: ", "))")
    }
  }

  private func begin(_ phase: Int, _ sql: String) {
    let (begun, name) = state.withLock { state in
      state.running = (phase, sql)
      state.begun += 1
      return (state.begun, state.phase?.name ?? "")
    }
    write("phase \(phase): \(sql.split(whereSeparator: \.isNewline).joined(separator: " "))")
    line.show("phase \(phase)", name, done: Int64(begun - 1), of: Int64(max(total, begun)))
    gate?.wait(before: "\(phase) \(sql)")
  }

  private func end(_ phase: Phase, _ counts: [String: Int64], _ seconds: Double) {
    state.withLock {
      $0.summary.phases.append(
        PhaseTime(number: phase.number, name: phase.name, seconds: seconds, counts: counts))
    }
    let rows = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    write("phase \(phase.number) rows: \(rows)")
    tell("phase \(phase.number) of \(Phase.all.count): \(phase.name), \(Seconds(seconds))")
  }

  /// The locks are gone, by a commit or because all was rolled back.
  func unlock() {
    state.withLock { state in
      guard let since = state.lockedSince else { return }
      state.lockedSince = nil
      let seconds = (ContinuousClock.now - since.instant).milliseconds / 1_000
      state.summary.lockedSeconds += seconds
      state.summary.windows.append(Window(from: since.time, to: since.time + seconds))
    }
  }

  func tell(_ text: String) {
    write(text)
    line.say(text)
  }

  /// Adds a line to the file, at once.
  func write(_ text: String) {
    guard let file else { return }
    let time = Date.now.formatted(.iso8601.time(includingFractionalSeconds: true))
    try? file.write(contentsOf: Data("\(time) \(text)\n".utf8))
  }
}
