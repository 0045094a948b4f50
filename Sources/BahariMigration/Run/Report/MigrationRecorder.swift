import Foundation
import Synchronization

/// Makes the summary of a migration or an undo from its events.
package final class MigrationRecorder: Sendable {
  fileprivate struct State {
    var summary = MigrationSummary()
    var lockedSince: (instant: ContinuousClock.Instant, time: Double)?
  }

  private let state = Mutex(State())

  package init() {}

  package var summary: MigrationSummary { state.withLock { $0.summary } }

  package func record(_ event: MigrationEvent) {
    state.withLock { state in
      switch event {
      case .lockRefused: state.summary.refusedLocks += 1
      case .locked: state.lockedSince = (.now, Date.now.timeIntervalSince1970)
      case .statementEnded(let phase, let sql, let seconds):
        state.summary.statements.append(MigrationSummary.Statement(phase: phase, sql: sql, seconds: seconds))
      case .phaseEnded(let phase, let counts, let seconds):
        state.summary.phases.append(
          MigrationSummary.PhaseTime(number: phase.number, name: phase.name, seconds: seconds, counts: counts))
      case .committed(let phases, _):
        state.endWindow()
        state.summary.committedPhases += phases
      case .checking, .phaseBegan, .statement, .undoing: break
      }
    }
  }

  /// Ends the time in which the tables count as locked, after a transaction was rolled back.
  func endWindow() { state.withLock { $0.endWindow() } }
}

extension MigrationRecorder.State {
  fileprivate mutating func endWindow() {
    guard let since = lockedSince else { return }
    lockedSince = nil
    let seconds = (ContinuousClock.now - since.instant).milliseconds / 1_000
    summary.lockedSeconds += seconds
    summary.windows.append(MigrationSummary.Window(from: since.time, to: since.time + seconds))
  }
}
