import BahariShard

/// Chooses where each list runs: statements whose recent runs were quick share a lane, where they cost a third less;
/// all others get a pool's exclusive connection, so that no statement waits behind them.
///
/// A statement that takes too long on the lane is stopped there by the lane's statement_timeout, runs again on an
/// exclusive connection, and does not count as quick for a while.
package final class ScanRouter {
  private let lane: Lane
  private let pool: Pool
  private var shapes: [Statement: (statement: Statement, pace: Pace)] = [:]
  /// How many statements are remembered. When there are more, all are forgotten and then measured again in a few calls.
  private static let capacity = 512

  package init(lane: Lane, pool: Pool) {
    self.lane = lane
    self.pool = pool
  }

  /// Runs a read and passes its rows to `reply`. The caller may abandon the returned job.
  @discardableResult
  package func read(_ bound: Bound, on shard: isolated Shard, _ reply: @escaping (Job.Answer) -> Void) -> Job {
    let shape = shape(of: bound.statement)
    // Equal statements are replaced by one object, so that looking it up later compares no texts.
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
