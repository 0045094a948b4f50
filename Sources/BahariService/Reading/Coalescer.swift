import BahariPostgres
import BahariShard

/// Lets Gets of one table that wait at the same time share one statement.
///
/// A Get that arrives alone is sent in the same event, with the statement for one key. While the lane has groups in
/// flight, Gets wait in the lane's queue and are then read together with `= ANY`. A Get shares only a statement that is
/// sent after the Get arrived, so no caller reads data older than its call.
final class Coalescer: Gatherer {
  /// A Get call, and the id of the row that it asks for.
  struct Wanted {
    let call: Call
    let id: Int64
    let key: Value
    /// For each output, whether the reply to the call includes it; nil for all outputs.
    let chosen: [Bool]?
  }

  private let lane: Lane
  private let one: Statement
  private let many: Statement
  private let keyType: PostgresType
  /// The index of the key among the statements' outputs.
  private let keyColumn: Int
  private var queue: [Wanted] = []
  /// The object that answers the calls.
  private unowned let taker: any RowTaker

  /// `one` is the statement that finds a row by its key, `many` the one that finds rows by an array of keys.
  init(_ resource: Resource, one: Statement, many: Statement, _ lane: Lane, for taker: any RowTaker) {
    self.lane = lane
    self.taker = taker
    (self.one, self.many) = (one, many)
    keyType = resource.key.type
    keyColumn = resource.keyPlace
  }

  /// Queues a call. `taker` receives the call's row or failure once, unless the call ends before its statement is sent.
  func get(_ wanted: Wanted, on shard: isolated Shard) {
    if let refusal = lane.join(self, on: shard) { return taker.failed(wanted, refusal.failure, on: shard) }
    queue.append(wanted)
  }

  // MARK: In the lane's queue

  var waiting: Int { queue.count }

  func gather(atMost most: Int, on shard: isolated Shard) -> Job? {
    var taken: [Wanted] = []
    taken.reserveCapacity(min(most, queue.count))
    var next = 0
    while taken.count < most, next < queue.count {
      if !queue[next].call.isEnded { taken.append(queue[next]) }
      next += 1
    }
    queue.removeFirst(next)
    guard !taken.isEmpty else { return nil }
    let batch = taken
    let job = Job(read: [bound(batch)], weight: batch.count, callers: batch.count) {
      self.hand($0, to: batch, on: shard)
    }
    for wanted in batch { wanted.call.track(job) }
    return job
  }

  func dropAbandoned() { queue.removeAll { $0.call.isEnded } }

  func refuse(_ refusal: QueueRefusal, on shard: isolated Shard) {
    let refused = queue
    queue.removeAll()
    for wanted in refused { taker.failed(wanted, refusal.failure, on: shard) }
  }

  private func bound(_ batch: [Wanted]) -> Bound {
    var parameters = Parameters()
    guard batch.count > 1 else {
      for wanted in batch { wanted.key.add(to: &parameters) }
      return Bound(one, parameters)
    }
    var keys = ArrayParameter(of: keyType)
    for wanted in batch { wanted.key.append(to: &keys) }
    parameters.add(keys)
    return Bound(many, parameters)
  }

  /// Passes to each call the row that has the call's id. If one row does not exist, the other calls are not affected.
  private func hand(_ answer: Job.Answer, to batch: [Wanted], on shard: isolated Shard) {
    switch answer {
    case .failure(let failure):
      for wanted in batch { taker.failed(wanted, failure, on: shard) }
    case .success(let results):
      let rows = results[0]
      var places: [Int64: Int] = [:]
      places.reserveCapacity(rows.count)
      for row in 0..<rows.count {
        if let id = rows.int64(row, keyColumn) ?? rows.int32(row, keyColumn).map(Int64.init) { places[id] = row }
      }
      for wanted in batch { taker.took(wanted, rows, places[wanted.id], on: shard) }
    }
  }
}

/// Answers calls whose rows a `Coalescer` has read together.
protocol RowTaker: AnyObject {
  /// Answers a call with one of `rows`; `row` is its index, nil if the call's row does not exist.
  func took(_ wanted: Coalescer.Wanted, _ rows: Rows, _ row: Int?, on shard: isolated Shard)
  func failed(_ wanted: Coalescer.Wanted, _ failure: PostgresFailure, on shard: isolated Shard)
}
