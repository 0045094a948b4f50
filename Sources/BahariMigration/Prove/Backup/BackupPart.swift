import Synchronization

/// Computes the progress of one step of a backup from its tables' sizes. A table is done when the next one begins.
final class BackupPart: Sendable {
  private struct State {
    var done: Int64 = 0
    var running: Int64 = 0
  }

  private let step: BackupProgress.Step
  private let sizes: [String: Int64]
  private let total: Int64
  private let state = Mutex(State())

  init(_ step: BackupProgress.Step, _ tables: [StoredTable]) {
    self.step = step
    // One is added, so that empty tables count, too.
    sizes = Dictionary(uniqueKeysWithValues: tables.map { ($0.fullName, $0.bytes + 1) })
    total = sizes.values.reduce(0, +)
  }

  init(_ step: BackupProgress.Step, _ tables: [BackupManifest.Table]) {
    self.step = step
    sizes = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0.fingerprint.rows + 1) })
    total = sizes.values.reduce(0, +)
  }

  func next(_ table: String) -> BackupProgress {
    state.withLock { state in
      state.done += state.running
      state.running = sizes[table] ?? 0
      return BackupProgress(step: step, table: table, done: state.done, total: total)
    }
  }
}
