import BahariShard

/// Collects callers whose requests become one job at the moment when that job is sent: Gets of one table, whose keys
/// share a statement.
///
/// A gatherer has one entry in a lane's queue while callers wait in it. When its turn comes, the lane asks it for a
/// job; if callers are left over, the gatherer is queued again at the end, so that one table cannot hold up the others.
/// The lane calls the gatherer while it changes its own state, so a gatherer must not call the lane.
package protocol Gatherer: AnyObject {
  /// How many callers wait, including those that have given up since they joined.
  var waiting: Int { get }
  /// Returns one read job for up to `most` callers, in the order in which they joined; nil if all have given up.
  /// Removes these callers, and those that have given up before them. The job runs on `shard`.
  func gather(atMost most: Int, on shard: isolated Shard) -> Job?
  /// Removes the callers that have given up.
  func dropAbandoned()
  /// Removes all callers and fails each of them with `refusal`.
  func refuse(_ refusal: QueueRefusal, on shard: isolated Shard)
}
