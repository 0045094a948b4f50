import BahariShard

/// Sends each list where it suits: statements that have proved quick share a lane, where they cost a third
/// less; every other has an exclusive connection, so that nothing waits behind it.
///
/// A statement that outstays its welcome on the lane is stopped there by its statement_timeout, goes on to an
/// exclusive connection, and is not taken for quick again for a while.
package final class ScanRouter {
  private let lane: PointLane
  private let pool: Pool
  private var shapes: [Statement: (statement: Statement, pace: Pace)] = [:]
  /// Statement texts that are remembered; then all are forgotten, and learned again in a few calls each.
  private static let capacity = 512

  package init(lane: PointLane, pool: Pool) {
    self.lane = lane
    self.pool = pool
  }

  /// Runs a read; the job is for the caller to abandon.
  @discardableResult
  package func read(_ bound: Bound, on shard: isolated Shard, _ reply: @escaping (Job.Answer) -> Void) -> Job {
    let shape = shape(of: bound.statement)
    // The same object each time: looking it up then compares no texts.
    let job = Job(read: [Bound(shape.statement, bound.parameters)], reply)
    job.pace = shape.pace
    if shape.pace.isQuick(now: Shard.now) { lane.submit(job, on: shard) } else { pool.submit(job, on: shard) }
    return job
  }

  private func shape(of statement: Statement) -> (statement: Statement, pace: Pace) {
    if let known = shapes[statement] { return known }
    if shapes.count >= ScanRouter.capacity { shapes.removeAll(keepingCapacity: true) }
    let shape = (statement, Pace())
    shapes[statement] = shape
    return shape
  }
}

/// What is known of how long a statement takes.
final class Pace {
  /// A statement that takes no longer may run where others wait behind it.
  static let quickNanoseconds: UInt64 = 2_000_000
  /// So many in a row make it quick.
  static let quickRuns = 4
  static let banNanoseconds: UInt64 = 10_000_000_000

  private var runs = 0
  private var bannedUntil: UInt64 = 0

  func isQuick(now: UInt64) -> Bool { runs >= Pace.quickRuns && now >= bannedUntil }

  func ran(for nanoseconds: UInt64) { runs = nanoseconds <= Pace.quickNanoseconds ? min(runs + 1, Pace.quickRuns) : 0 }

  func heldUpOthers(now: UInt64) {
    runs = 0
    bannedUntil = now + Pace.banNanoseconds
  }
}
