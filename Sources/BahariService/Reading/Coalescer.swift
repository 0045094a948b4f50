import BahariPostgres
import BahariShard

/// Lets Gets of one table that wait together share one statement.
///
/// A lone Get is sent in the event it came in, by the plain statement for one key. While the lane has groups on
/// their way, what comes waits and leaves together as `= ANY`. A Get shares an execution only with others that
/// were there before it was sent, so no caller reads what is older than its call.
final class Coalescer: EventEnd, LaneWaiter {
  /// A call that wants the row of an id.
  struct Wanted {
    let call: Call
    let id: Int64
    let key: Value
    /// Which outputs it wants; nil for all.
    let chosen: [Bool]?
  }

  private enum State {
    /// Nothing waits.
    case idle
    /// What waits leaves at the end of the event.
    case leaves
    /// The lane tells when a group has come back.
    case waits
  }

  private let lane: PointLane
  private let one: Statement
  private let many: Statement
  private let keyType: PostgresType
  /// Where the key stands among the statement's outputs.
  private let keyColumn: Int
  private var waiting: [Wanted] = []
  private var state = State.idle
  /// Who answers the calls.
  private unowned let taker: any RowTaker

  /// `one` finds a row by its key, `many` rows by an array of keys.
  init(_ resource: Resource, one: Statement, many: Statement, _ lane: PointLane, for taker: any RowTaker) {
    self.lane = lane
    self.taker = taker
    (self.one, self.many) = (one, many)
    keyType = resource.key.type
    keyColumn = resource.keyPlace
  }

  /// The taker is told once for each, unless its call has ended before it was sent.
  func get(_ wanted: Wanted, on shard: isolated Shard) {
    if waiting.count >= lane.limits.queue { waiting.removeAll { $0.call.isEnded } }
    guard waiting.count < lane.limits.queue else { return taker.failed(wanted, .overloaded, on: shard) }
    waiting.append(wanted)
    schedule(on: shard)
  }

  private func schedule(on shard: isolated Shard) {
    guard state != .leaves else { return }
    if lane.takes(waiting.count) {
      state = .leaves
      shard.atEndOfEvent(self)
    } else if state == .idle {
      state = .waits
      lane.tellWhenItTakesMore(self)
    }
  }

  func laneTakesMore(on shard: isolated Shard) {
    if state == .waits { state = .idle }
    if !waiting.isEmpty { schedule(on: shard) }
  }

  func eventEnded(on shard: isolated Shard) {
    state = .idle
    waiting.removeAll { $0.call.isEnded }
    while !waiting.isEmpty, lane.takes(waiting.count) {
      let batch = Array(waiting.prefix(lane.limits.groupWeight))
      waiting.removeFirst(batch.count)
      send(batch, on: shard)
    }
    if !waiting.isEmpty { schedule(on: shard) }
  }

  private func send(_ batch: [Wanted], on shard: isolated Shard) {
    let count = batch.count
    let job = Job(read: [bound(batch)], weight: count, callers: count) { self.hand($0, to: batch, on: shard) }
    for wanted in batch { wanted.call.track(job) }
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
