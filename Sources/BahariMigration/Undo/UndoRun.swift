import BahariPostgres

/// Does all of `baharid migrate undo`: repeats an undo that fails because of other sessions' locks, and after another
/// failure finds out the state of the database.
package struct UndoRun: Sendable {
  let conninfo: Conninfo
  let options: Migrator.Options
  let observer: any MigrationObserver

  package init(_ conninfo: Conninfo, options: Migrator.Options, observer: any MigrationObserver) {
    (self.conninfo, self.options, self.observer) = (conninfo, options, observer)
  }

  /// Undoes the migration. The report is nil if the undo failed.
  package func run() async -> (outcome: MigrationOutcome, report: UndoReport?) {
    let recorder = MigrationRecorder()
    let retry = LockRetry(attempts: options.lockAttempts) { [observer, options] attempt, failure in
      recorder.endWindow()
      observer.report(.repeating(attempt: attempt, of: options.lockAttempts, failure))
    }
    do {
      let result = try await retry.run {
        try await inSession(conninfo) { [options, observer] session in
          try Undo(session: session, options: options) { event in
            recorder.record(event)
            observer.report(.migration(event))
          }.run()
        }
      }
      let report = UndoReport(undone: result, statements: recorder.summary)
      observer.report(.undone(report))
      return (.done, report)
    } catch {
      observer.report(.failed(error))
      await observer.alert(MigrationAlert(error))
      return (await Aftermath(conninfo: conninfo, observer: observer).outcome(ofUndo: error), nil)
    }
  }
}

/// The result of an undo that was committed.
package struct UndoReport: Encodable, Sendable {
  package let undone: Undo.Result
  package let statements: MigrationSummary
}
