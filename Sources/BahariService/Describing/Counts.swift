import BahariPostgres

/// The counters of one lane or pool, or of all client sockets. The keys are names of fields in stats.proto.
package struct Counts: Sendable, Equatable {
  package let name: String
  package private(set) var numbers: [String: Int]

  package init(_ name: String, _ numbers: [String: Int] = [:]) {
    self.name = name
    self.numbers = numbers
  }

  package mutating func add(_ other: Counts) { numbers.merge(other.numbers, uniquingKeysWith: +) }
}

extension Database {
  var laneStats: [Counts] {
    [reads, writes, quickScans].map { Counts($0) }
  }

  var poolStats: [Counts] {
    [scans, transactions, blocked].map { Counts($0) }
  }
}

extension Counts {
  fileprivate init(_ lane: Lane) {
    let (counters, load) = (lane.counters, lane.load)
    self.init(
      lane.name,
      [
        "connected": lane.isUp ? 1 : 0, "syncs": counters.syncs, "statements": counters.statements,
        "jobs": counters.jobs, "keys": counters.weight, "repeats": counters.repeats, "moves": counters.moves,
        "refusals": counters.refusals, "losses": counters.losses, "waiting": load.waiting, "in_flight": load.groups,
      ])
  }

  fileprivate init(_ pool: Pool) {
    let counts = pool.counts
    self.init(
      pool.name,
      [
        "connecting": counts.connecting, "idle": counts.idle, "leased": counts.leased, "waiting": counts.waiting,
      ])
  }
}
