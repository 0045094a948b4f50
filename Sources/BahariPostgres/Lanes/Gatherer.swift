import BahariShard

/// Callers whose requests become one job at the moment it is sent: Gets of one table, whose keys share a statement.
///
/// A gatherer has a place in a lane's queue while callers wait in it. When its turn comes, the lane asks it for a
/// job; callers left over get a new place at the end of the queue, so that one table cannot keep others waiting. The
/// lane calls these functions while it changes its own state, so an implementation must not call the lane.
package protocol Gatherer: AnyObject {
  /// Callers that wait, including those that have given up since they joined.
  var waiting: Int { get }
  /// Removes at most `most` callers, first come first served, and returns one read job for those of them that have
  /// not given up; nil if nobody is left. The job runs on `shard`.
  func gather(atMost most: Int, on shard: isolated Shard) -> Job?
  /// Removes the callers that have given up.
  func dropAbandoned()
  /// Removes all callers and fails each of them with `refusal`.
  func refuse(_ refusal: QueueRefusal, on shard: isolated Shard)
}
