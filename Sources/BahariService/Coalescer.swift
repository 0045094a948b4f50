import BahariPostgres
import BahariShard

/// Lets Gets of one table that wait together share one statement.
///
/// A lone Get is sent in the event it came in, by the plain statement for one key. While two batches are on
/// their way, what comes waits and leaves together as `= ANY`. A Get shares an execution only with others that
/// were there before it was sent, so no caller reads what is older than its call.
final class Coalescer: EventEnd {
  /// What a caller wants, and what to do with the row; nil where there is none.
  typealias Taker = (Result<(rows: Rows, row: Int)?, PostgresFailure>) -> Void

  private struct Waiting {
    let id: Int64
    let key: Value
    let isWanted: () -> Bool
    let take: Taker
  }

  private static let keysPerStatement = 256
  private static let batchesInFlight = 2

  private let lane: PointLane
  private let one: Statement
  private let many: Statement
  private let keyType: PostgresType
  /// Where the key stands among the statement's outputs.
  private let keyColumn: Int
  private var waiting: [Waiting] = []
  private var inFlight = 0
  private var isScheduled = false

  init(_ resource: Resource, _ lane: PointLane) {
    self.lane = lane
    let selection = resource.standard
    one = SQL.get(selection, by: resource.key)
    many = SQL.getMany(selection, by: resource.key)
    keyType = resource.key.type
    keyColumn = selection.outputs.firstIndex { $0.name == resource.key.name } ?? 0
  }

  /// `take` is called once; `isWanted` says, just before sending, whether anyone still waits.
  func get(_ id: Int64, _ key: Value, isWanted: @escaping () -> Bool, on shard: isolated Shard, _ take: @escaping Taker)
  {
    waiting.append(Waiting(id: id, key: key, isWanted: isWanted, take: take))
    schedule(on: shard)
  }

  private func schedule(on shard: isolated Shard) {
    guard !isScheduled, inFlight < Coalescer.batchesInFlight else { return }
    isScheduled = true
    shard.atEndOfEvent(self)
  }

  func eventEnded(on shard: isolated Shard) {
    isScheduled = false
    let all = waiting.filter { $0.isWanted() }
    waiting.removeAll(keepingCapacity: true)
    var rest = all[...]
    while !rest.isEmpty {
      let batch = rest.prefix(Coalescer.keysPerStatement)
      rest = rest.dropFirst(batch.count)
      send(Array(batch), on: shard)
    }
  }

  private func send(_ batch: [Waiting], on shard: isolated Shard) {
    inFlight += 1
    let job = Job(read: [bound(batch)]) { answer in
      self.inFlight -= 1
      self.hand(answer, to: batch)
      if !self.waiting.isEmpty { self.schedule(on: shard) }
    }
    lane.submit(job, on: shard)
  }

  private func bound(_ batch: [Waiting]) -> Bound {
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

  /// Each caller gets the row of its own id; one that is missing is that caller's alone.
  private func hand(_ answer: Job.Answer, to batch: [Waiting]) {
    switch answer {
    case .failure(let failure): for wanted in batch { wanted.take(.failure(failure)) }
    case .success(let results):
      let rows = results[0]
      if batch.count == 1 { return batch[0].take(.success(rows.count > 0 ? (rows, 0) : nil)) }
      var places: [Int64: Int] = [:]
      places.reserveCapacity(rows.count)
      for row in 0..<rows.count {
        if let id = rows.int64(row, keyColumn) ?? rows.int32(row, keyColumn).map(Int64.init) { places[id] = row }
      }
      for wanted in batch { wanted.take(.success(places[wanted.id].map { (rows, $0) })) }
    }
  }
}
