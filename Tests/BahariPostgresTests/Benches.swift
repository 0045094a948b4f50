import BahariShard
import Synchronization
import TestSupport

@testable import BahariPostgres

/// A pool on a shard of its own.
///
/// `@unchecked Sendable`, as the lane below: the members that are not Sendable are used only on the shard.
final class PoolBench: @unchecked Sendable {
  let shard = Shard(name: "pool")
  let pool: Pool
  let report = Report()

  init(_ conninfo: String, limits: PoolLimits = PoolLimits(), settings: [String: String] = [:]) {
    var options = ConnectionOptions.inPublic(conninfo)
    options.settings.merge(settings) { $1 }
    let report = report
    pool = Pool("test", options, limits: limits) { report.add($0) }
  }

  func read(_ statements: [Bound]) async throws -> Job.Answer {
    let inbox = Inbox<Job.Answer>()
    await shard.run { self.pool.submit(Job(read: statements) { inbox.put($0) }, on: $0) }
    return try await inbox.next()
  }

  /// Runs a read and ignores its answer. Returns whether it caused an attempt to connect.
  func connects() async throws -> Bool {
    let inbox = Inbox<Job.Answer>()
    let isConnecting = await shard.run { shard in
      self.pool.submit(Job(read: [Bound(Statement("SELECT 1"))]) { inbox.put($0) }, on: shard)
      return self.pool.counts.connecting > 0
    }
    _ = try await inbox.next()
    return isConnecting
  }

  func write(_ statements: [Bound]) async throws -> Job.Answer {
    let inbox = Inbox<Job.Answer>()
    await shard.run { self.pool.submit(Job(write: statements) { inbox.put($0) }, on: $0) }
    return try await inbox.next()
  }

  /// Connecting, idle, leased, waiting.
  func counts() async -> [Int] {
    await shard.run { _ in
      let counts = self.pool.counts
      return [counts.connecting, counts.idle, counts.leased, counts.waiting]
    }
  }

  func close() async { await shard.run { self.pool.close(on: $0) } }
}

/// The lines that were logged, from any thread.
final class Report: Sendable {
  private let lines = Mutex<[String]>([])
  func add(_ line: String) { lines.withLock { $0.append(line) } }
  var all: [String] { lines.withLock { $0 } }
}

/// A lane on a shard of its own.
///
/// `@unchecked Sendable`: lane, pool and router are used only on the shard; the report has a lock of its own.
final class LaneBench: @unchecked Sendable {
  let shard = Shard(name: "lane")
  let lane: Lane
  /// Runs the jobs that would hold up the lane.
  let overflow: Pool
  /// Sends reads to one of the two.
  let scans: ScanRouter
  let report = Report()

  init(_ conninfo: String, limits: LaneLimits = LaneLimits(), settings: [String: String] = [:]) {
    var options = ConnectionOptions.inPublic(conninfo)
    let report = report
    overflow = Pool("overflow", options) { report.add($0) }
    options.settings.merge(settings) { $1 }
    lane = Lane("test", options, limits: limits, overflow: overflow) { report.add($0) }
    overflow.utility = lane
    scans = ScanRouter(lane: lane, pool: overflow)
  }

  /// Opens the lane and waits until it is connected.
  func open() async throws {
    let inbox = Inbox<Void>()
    await shard.run { shard in
      self.lane.open(on: shard)
      self.lane.whenUp { inbox.put(()) }
    }
    try await inbox.next()
  }

  /// Submits all in one event; gives the answers in the order they come, each with its job's place.
  func submit(_ jobs: [Work]) async -> Inbox<(Int, Job.Answer)> {
    let inbox = Inbox<(Int, Job.Answer)>()
    await shard.run { shard in
      for (place, work) in jobs.enumerated() {
        let reply = { (answer: Job.Answer) in inbox.put((place, answer)) }
        switch work {
        case .read(let statements): self.lane.submit(Job(read: statements, reply), on: shard)
        case .create(let statement): self.lane.submit(Job(create: [statement], reply), on: shard)
        case .write(let statements): self.lane.submit(Job(write: statements, reply), on: shard)
        }
      }
    }
    return inbox
  }

  func run(_ work: Work) async throws -> Job.Answer { try await submit([work]).next().1 }

  /// Runs a read where the router sends it.
  func scan(_ bound: Bound) async throws -> Job.Answer {
    let inbox = Inbox<Job.Answer>()
    await shard.run { _ = self.scans.read(bound, on: $0) { inbox.put($0) } }
    return try await inbox.next()
  }

  /// Runs a read on a connection of its own and abandons it once `body` is done.
  func abandoned(_ sql: String, after body: () async throws -> Void) async throws -> Job.Answer {
    let inbox = Inbox<Job.Answer>()
    let job = Job(read: [Bound(Statement(sql))]) { inbox.put($0) }
    let carried = Carried(job)
    await shard.run { self.overflow.submit(carried.content, on: $0) }
    try await body()
    await shard.run { _ in carried.content.abandon() }
    return try await inbox.next()
  }

  func counters() async -> LaneCounters { await shard.run { _ in self.lane.counters } }

  func close() async {
    await shard.run {
      self.lane.close(on: $0)
      self.overflow.close(on: $0)
    }
  }
}

/// A job on its way to its shard and back.
///
/// `@unchecked Sendable`: made here, and from then on used only on the shard.
private struct Carried: @unchecked Sendable {
  let content: Job

  init(_ content: Job) { self.content = content }
}

/// The description of a job, which is made on the shard.
enum Work: Sendable {
  case read([Bound])
  case create(Bound)
  case write([Bound])

  static func read(_ sql: String) -> Work { .read([Bound(Statement(sql))]) }
  static func create(_ sql: String) -> Work { .create(Bound(Statement(sql))) }
  static func write(_ sql: String) -> Work { .write([Bound(Statement(sql))]) }
}

extension Job.Answer {
  /// For comparison: the number of rows changed or read, the SQLSTATE, or how it failed.
  var summary: String {
    switch self {
    case .success(let rows): "\(rows.last.map { $0.columns > 0 ? $0.count : $0.affected } ?? 0)"
    case .failure(.refused(let error)): error.sqlState.code
    case .failure(let failure): "\(failure)"
    }
  }
}
