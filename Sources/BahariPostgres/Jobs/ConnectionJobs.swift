import BahariShard

/// Sending jobs over a connection.
extension Connection {
  /// Sends the statements of `job` without a Sync. `ended` is called once, after the last statement's result.
  func send(_ job: Job, now: UInt64, on shard: isolated Shard, ended: @escaping (JobEnd) -> Void) {
    job.noteSent(at: now)
    if job.statements.count == 1 {
      return send(job.statements[0], on: shard) { ended(JobEnd($0)) }
    }
    let total = job.statements.count
    var rows: [Rows] = []
    var failure: JobEnd?
    var answered = 0
    rows.reserveCapacity(total)
    for bound in job.statements {
      send(bound, on: shard) { outcome in
        answered += 1
        switch outcome {
        case .rows(let result): rows.append(result)
        case .lost: failure = .lost
        case .refused, .aborted: failure = failure ?? JobEnd(outcome)
        }
        if answered == total { ended(failure ?? .rows(rows)) }
      }
    }
  }

  /// Sends `job` and a Sync. `ended` is called after the Sync is answered, when writes are committed. `mayStayOpen` is
  /// true for statements inside a transaction, which a later statement commits.
  func sendCommitted(
    _ job: Job, mayStayOpen: Bool = false, now: UInt64, on shard: isolated Shard, ended: @escaping (JobEnd) -> Void
  ) {
    var end = JobEnd.lost
    send(job, now: now, on: shard) { end = $0 }
    sync(on: shard) { ended(end.committed(by: $0, mayStayOpen: mayStayOpen)) }
  }
}
