import BahariPostgres

/// Migrates a legacy database, phase by phase.
///
///     let migrator = Migrator(session: session) { event in print(event) }
///     let result = try migrator.run()
///
/// Throws a `MigrationRefusal` if nothing was begun, a `MigrationFailure` if a transaction failed. The session must not
/// be shared: it has the advisory lock that excludes other migrators.
package struct Migrator {
  package enum Mode: String, Codable, Sendable {
    /// One transaction: all phases or none.
    case atomic
    /// Each phase runs in a transaction of its own. After a failure, the next run continues with the phase that failed.
    /// If a check finds that rows, values or keys were lost, all applied phases are undone.
    case phased
  }

  package struct Options: Sendable {
    package var mode = Mode.atomic
    /// The last phase to be applied.
    package var through = Phase.all.count
    /// Whether views under the old names are created.
    package var views = true
    package var lockAttempts = 10
    /// Milliseconds that one attempt waits for a table's lock.
    package var lockTimeout = 1_500

    package init() {}
  }

  let session: Session
  var options = Options()
  let baseline: Baseline?
  let observe: @Sendable (MigrationEvent) -> Void

  /// - Parameter baseline: The times of reads before the migration, recorded for later verifications.
  package init(
    session: Session, options: Options = Options(), baseline: Baseline? = nil,
    observer: @escaping @Sendable (MigrationEvent) -> Void = { _ in }
  ) {
    (self.session, self.options, self.baseline, observe) = (session, options, baseline, observer)
  }

  package func run() throws -> MigrationResult {
    let locks = locks
    try locks.keepOthersAway()
    defer {
      _ = try? session.query("RESET search_path")
      locks.release()
    }
    let plan = try Plan.read(session, through: options.through, views: options.views)
    try plan.refuse()
    let waiting = plan.phases.map(\.phase.number)
    var result = MigrationResult(plan: plan, mode: options.mode)
    for phases in options.mode == .atomic ? [waiting] : waiting.map({ [$0] }) {
      do {
        try transact(phases, &result)
      } catch var failure as MigrationFailure {
        guard case .check = failure.cause, !result.phases.isEmpty else { throw failure }
        failure.undone = result.phases.map(\.phase.number)
        do {
          _ = try Undo(session: session, options: options, observer: observe).runLocked()
        } catch {
          failure.undone = []
          failure.undoProblem = "\(error)"
        }
        throw failure
      }
    }
    return result
  }

  var locks: Locks {
    Locks(
      session: session, attempts: options.lockAttempts, timeout: options.lockTimeout, observe: observe)
  }

  /// Runs these phases in one transaction and, under its locks, compares rows, values, keys and catalog before and
  /// after.
  private func transact(_ phases: [Int], _ result: inout MigrationResult) throws {
    let start = ContinuousClock.now
    try locks.begin { try LegacyColumns.read(session).map(\.name) }
    var run = PhaseRun(session: session, mode: options.mode, observe: observe)
    do {
      // Makes a daemon that starts meanwhile wait before it changes the schema.
      try AdvisoryLock.schema.holdInTransaction(session)
      observe(.checking("the database, under the locks"))
      let plan = try Plan.read(session, through: options.through, views: options.views)
      try plan.refuse()
      let before = try Snapshot.take(session)
      let isFirst = try Ledger.applied(session).isEmpty
      try Ledger(session: session).create()
      try MigrationRecord.create(session)
      for phase in plan.phases where phases.contains(phase.phase.number) {
        result.phases.append(try run.run(phase))
      }
      observe(.checking("rows, values, keys, sequences and catalog"))
      let after = try Snapshot.take(session)
      try compare(before, after, plan, phases)
      try MigrationRecord.keep(before, after, isFirst: isFirst, baseline, session)
      try locks.commit()
      result.note(before, after)
    } catch {
      try? session.execute("ROLLBACK")
      result.phases.removeAll { phases.contains($0.phase.number) }
      throw error is PostgresError ? run.failure(error) : error
    }
    observe(.committed(phases: phases, seconds: start.seconds))
  }

  private func compare(_ before: Snapshot, _ after: Snapshot, _ plan: Plan, _ phases: [Int]) throws {
    func require(_ name: String, _ differences: [String]) throws {
      guard !differences.isEmpty else { return }
      throw MigrationFailure(
        phase: phases.count == 1 ? phases[0] : nil, cause: .check(name, differences: differences))
    }
    try require("rows and values", Snapshot.lostValues(before: before, after: after))
    try require("foreign keys", try Orphans.find(session).map(\.description))
    try require(
      "catalog",
      Snapshot.catalogDifferences(
        before: before, after: after, renames: plan.renames(in: phases),
        statements: plan.statements.filter { phases.contains($0.phase) }, made: plan.inspection.missing))
  }
}
