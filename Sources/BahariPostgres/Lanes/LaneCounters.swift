/// Totals of a lane since it was made.
package struct LaneCounters: Sendable {
  /// Groups sent, each ended by one Sync.
  package var syncs = 0
  package var statements = 0
  /// Jobs sent, and their total weight: a job weighs 1, or the number of its statement's keys.
  package var jobs = 0
  package var weight = 0
  /// Jobs sent again: after another job's failure, a deadlock, a stale plan or a lost connection.
  package var repeats = 0
  /// Jobs that moved to a pool's exclusive connection, because their statement waited for a lock or took too long.
  package var moves = 0
  /// Jobs refused because the queue was full.
  package var refusals = 0
  /// Connections lost.
  package var losses = 0

  /// Counts a group that is about to be sent.
  mutating func count(_ group: [Job]) {
    syncs += 1
    jobs += group.count
    for job in group {
      statements += job.statements.count
      weight += job.weight
      if job.attempts > 0 { repeats += 1 }
    }
  }
}
