import BahariPostgres
import BahariShard

/// Lets Gets of one table that wait together share one statement.
///
/// A lone Get is sent in the event it came in, by the plain statement for one key. While batches are on
/// their way, what comes waits and leaves together as `= ANY`. A Get shares an execution only with others that
/// were there before it was sent, so no caller reads what is older than its call.
final class Coalescer: EventEnd {
  /// A call that wants the row of an id.
  struct Wanted {
    let call: Call
    let id: Int64
    let key: Value
    /// Which outputs it wants; nil for all.
    let chosen: [Bool]?
  }

  /// Keys of one statement. More would save PostgreSQL little, and let client, daemon and PostgreSQL take
  /// turns where they could work at the same time.
  private static let keysPerStatement = 32
  /// Batches on their way before what comes waits: one is worked on, one waits for PostgreSQL to be done.
  private static let batchesInFlight = 2
  /// The same for batches that could not be fuller.
  private static let fullBatchesInFlight = 8

  private let lane: PointLane
  private let one: Statement
  private let many: Statement
  private let keyType: PostgresType
  /// Where the key stands among the statement's outputs.
  private let keyColumn: Int
  private var waiting: [Wanted] = []
  private var inFlight = 0
  private var isScheduled = false
  /// Who answers the calls.
  private unowned let taker: any RowTaker

  init(_ resource: Resource, _ lane: PointLane, for taker: any RowTaker) {
    self.lane = lane
    self.taker = taker
    let selection = resource.standard
    one = SQL.get(selection, by: resource.key)
    many = SQL.getMany(selection, by: resource.key)
    keyType = resource.key.type
    keyColumn = selection.outputs.firstIndex { $0.name == resource.key.name } ?? 0
  }

  /// The taker is told once for each, unless its call has ended before it was sent.
  func get(_ wanted: Wanted, on shard: isolated Shard) {
    waiting.append(wanted)
    schedule(on: shard)
  }

  private var maySend: Bool {
    inFlight < Coalescer.batchesInFlight
      || (inFlight < Coalescer.fullBatchesInFlight && waiting.count >= Coalescer.keysPerStatement)
  }

  private func schedule(on shard: isolated Shard) {
    guard !isScheduled, maySend else { return }
    isScheduled = true
    shard.atEndOfEvent(self)
  }

  func eventEnded(on shard: isolated Shard) {
    isScheduled = false
    waiting.removeAll { $0.call.isEnded }
    while !waiting.isEmpty, maySend {
      let batch = Array(waiting.prefix(Coalescer.keysPerStatement))
      waiting.removeFirst(batch.count)
      send(batch, on: shard)
    }
  }

  private func send(_ batch: [Wanted], on shard: isolated Shard) {
    inFlight += 1
    let job = Job(read: [bound(batch)]) { answer in
      self.inFlight -= 1
      self.hand(answer, to: batch, on: shard)
      if !self.waiting.isEmpty { self.schedule(on: shard) }
    }
    lane.submit(job, on: shard)
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

  /// Each caller gets the row of its own id; one that is missing is that caller's alone.
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

/// Answers calls whose rows were read together with those of others.
protocol RowTaker: AnyObject {
  /// The row of the call's id among `rows`; nil where there is none.
  func took(_ wanted: Coalescer.Wanted, _ rows: Rows, _ row: Int?, on shard: isolated Shard)
  func failed(_ wanted: Coalescer.Wanted, _ failure: PostgresFailure, on shard: isolated Shard)
}
