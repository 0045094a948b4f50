import BahariPostgres

/// Reads the database after a failed run or undo to find out its state: if the connection broke during the commit, only
/// the database shows whether the transaction was committed.
package struct Aftermath: Sendable {
  /// The state of the database after a failure.
  package enum State: Sendable, Equatable {
    /// The transaction was rolled back.
    case asBefore
    /// The migration was committed, although the connection broke.
    case migrated
    case undone
    /// These phases are committed, and later ones are not.
    case between(phases: [Int])
    /// The state is not known: PostgreSQL accepted no connection for a minute.
    case unknown
  }

  let conninfo: Conninfo
  let observer: any MigrationObserver

  /// How often reading the database is tried: PostgreSQL refuses connections while it recovers from a crash.
  private static let attempts = 600
  private static let pause = Duration.milliseconds(100)

  /// The outcome of a run that threw `error`; `.done` if the run was committed nevertheless.
  func outcome(ofRun error: any Error) async -> MigrationOutcome {
    await outcome(after: error) { found in
      switch found.state {
      case .current: .migrated
      case .partial where !found.appliedPhases.isEmpty: .between(phases: found.appliedPhases)
      default: .asBefore
      }
    }
  }

  /// The outcome of an undo that threw `error`; `.done` if the undo was committed nevertheless.
  func outcome(ofUndo error: any Error) async -> MigrationOutcome {
    await outcome(after: error) { $0.state == .legacy ? .undone : .asBefore }
  }

  private func outcome(after error: any Error, _ state: (Inspection) -> State) async -> MigrationOutcome {
    // Every other error is thrown before the transaction begins.
    guard error is MigrationFailure || error is PostgresError || error is ConnectError else {
      return MigrationOutcome(error)
    }
    let found = await inspect().map(state) ?? .unknown
    observer.report(.aftermath(found))
    switch found {
    case .asBefore: return .rolledBack
    case .migrated, .undone: return .done
    case .between: return .stoppedBetweenPhases
    case .unknown: return .failed
    }
  }

  private func inspect() async -> Inspection? {
    for attempt in 1...Aftermath.attempts {
      do {
        return try await offThread { [conninfo] in
          try Inspector.inspect(try Session(ConnectionOptions(conninfo: conninfo.text)))
        }
      } catch {
        observer.report(.waitingForServer(attempt: attempt, of: Aftermath.attempts))
        try? await Task.sleep(for: Aftermath.pause)
      }
    }
    return nil
  }
}
