import BahariShard

@testable import BahariPostgres

/// Jobs for tests of the lane's state, which send nothing: the text of the statement is the job's name.
extension Job {
  static func read(_ name: String, weight: Int = 1, _ reply: @escaping (Answer) -> Void = { _ in }) -> Job {
    Job(read: [Bound(Statement(name))], weight: weight, reply)
  }
  static func create(_ name: String, _ reply: @escaping (Answer) -> Void = { _ in }) -> Job {
    Job(create: [Bound(Statement(name))], reply)
  }
  static func write(_ name: String, _ reply: @escaping (Answer) -> Void = { _ in }) -> Job {
    Job(write: [Bound(Statement(name))], reply)
  }

  var name: String { statements.map(\.statement.sql).joined(separator: "+") }
}

/// Callers by name, whose job is named after all of them.
final class Crowd: Gatherer {
  private(set) var callers: [String] = []
  var gone: Set<String> = []
  var waiting: Int { callers.count }

  /// Has a caller join, as users of a lane do.
  func join(_ caller: String, _ state: inout LaneState) -> QueueRefusal? {
    let refusal = state.join(self)
    if refusal == nil { callers.append(caller) }
    return refusal
  }

  func take(_ most: Int, _ reply: @escaping ([String], Job.Answer) -> Void = { _, _ in }) -> Job? {
    var taken: [String] = []
    while taken.count < most, !callers.isEmpty {
      let caller = callers.removeFirst()
      if !gone.contains(caller) { taken.append(caller) }
    }
    let batch = taken
    return batch.isEmpty ? nil : .read(batch.joined(separator: ","), weight: batch.count) { reply(batch, $0) }
  }

  func removeAll() -> [String] {
    defer { callers.removeAll() }
    return callers
  }

  func gather(atMost most: Int, on shard: isolated Shard) -> Job? { take(most) }
  func dropAbandoned() { callers.removeAll { gone.contains($0) } }
  func refuse(_ refusal: QueueRefusal, on shard: isolated Shard) { callers.removeAll() }
}

extension LaneState {
  /// A lane that is connected since the time 0.
  static func up(_ limits: LaneLimits = LaneLimits(), mayMove: Bool = false) -> LaneState {
    var state = LaneState(limits, mayMove: mayMove, seed: 1)
    _ = state.open()
    _ = state.connected(now: 0)
    return state
  }

  /// Forms groups as at the end of an event, until no more leave.
  mutating func departures(now: UInt64 = 0) -> [Departure] {
    var all: [Departure] = []
    let most = limits.groupWeight
    while let next = nextDeparture(now: now, { ($0 as? Crowd)?.take(most) }) { all.append(next) }
    return all
  }

  /// The same; the names of each group's jobs.
  mutating func groups(now: UInt64 = 0) -> [[String]] { departures(now: now).map { $0.group.map(\.name) } }
}

extension LaneState.Action {
  /// For comparison; pauses without their length.
  var name: String {
    switch self {
    case .connect: "connect"
    case .pause: "pause"
    case .closeConnection: "close"
    case .refuse(.job(let job)): "refuse \(job.name)"
    case .refuse(.gatherer): "refuse callers"
    case .announce: "announce"
    }
  }
}

extension JobEnd {
  static func refused(_ code: String) -> JobEnd { .refused(PostgresError(SQLState(code), "")) }

  /// For comparison: the SQLSTATE, or how it ended.
  var summary: String {
    switch self {
    case .rows: "rows"
    case .refused(let error): error.sqlState.code
    case .aborted: "aborted"
    case .lost: "lost"
    }
  }
}
