import BahariMigration
import BahariPostgres

/// What a failure has left: what the database itself says, since a connection that broke off says nothing.
struct Aftermath {
  let conninfo: Conninfo
  let line: ProgressLine

  /// PostgreSQL may be recovering.
  private static let attempts = 600

  /// `.done` where the migration was committed all the same.
  func exit(after error: any Error) async -> MigrationExit {
    guard mayHaveBegun(error) else { return MigrationExit(error) }
    guard let found = await found() else { return .failed }
    switch found.state {
    case .current:
      line.say("the connection went away, and the migration was committed all the same")
      return .done
    case .partial where !found.appliedPhases.isEmpty:
      let phases = found.appliedPhases.map(String.init).joined(separator: ", ")
      line.say("phases \(phases) are applied: baharid migrate run goes on, baharid migrate undo goes back")
      return .stoppedBetweenPhases
    default: return asBefore()
    }
  }

  /// `.done` where the undo was committed all the same.
  func exit(afterUndo error: any Error) async -> MigrationExit {
    guard mayHaveBegun(error) else { return MigrationExit(error) }
    guard let found = await found() else { return .failed }
    guard found.state == .legacy else { return asBefore() }
    line.say("the connection went away, and the undo was committed all the same")
    return .done
  }

  private func mayHaveBegun(_ error: any Error) -> Bool {
    error is MigrationFailure || error is PostgresError || error is ConnectError
  }

  private func asBefore() -> MigrationExit {
    line.say("the database is as it was before")
    return .rolledBack
  }

  private func found() async -> Inspection? {
    for attempt in 1...Aftermath.attempts {
      do {
        return try await offThread { [conninfo] in
          try Inspector.inspect(try Session(ConnectionOptions(conninfo: conninfo.text)))
        }
      } catch {
        line.show("waiting", "for PostgreSQL", done: Int64(attempt), of: Int64(Aftermath.attempts))
        try? await Task.sleep(for: .milliseconds(100))
      }
    }
    line.say("PostgreSQL cannot be asked what has become of it: baharid migrate status tells, once it can")
    return nil
  }
}
