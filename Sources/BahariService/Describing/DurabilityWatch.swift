import BahariPostgres
import BahariShard

/// The durability risks of one shard's database. They are read when they are asked for, but not more often than every
/// two seconds: settings can change at any time, and health may be asked for thousands of times a second.
final class DurabilityWatch {
  typealias Reader = ([DurabilityRisk]) -> Void

  private enum State {
    /// Nothing is being read. Next: `reading`, when somebody asks and the last answer is too old.
    case idle
    /// PostgreSQL's answer is awaited. Next: `idle`, with the answer or without. The readers get what is known when the
    /// answer comes, or when the timer fires, which runs while there are readers.
    case reading([Reader], Timer?)
  }

  /// How long the last answer is used.
  private static let freshNanoseconds: UInt64 = 2_000_000_000
  /// How long a reader waits at most: health has to answer while PostgreSQL does not.
  private static let patienceNanoseconds: UInt64 = 500_000_000

  private let lane: Lane
  private let probe: Bound
  private var state = State.idle
  private var known: [DurabilityRisk] = []
  private var readAt: UInt64?

  /// - Parameter lane: The lane for writes, because the settings of its session decide whether writes are durable.
  init(_ lane: Lane, tables: [String]) {
    self.lane = lane
    probe = Durability.probe(tables)
  }

  /// Calls `body` with the risks, at once or soon. Without PostgreSQL no risk is known.
  func read(on shard: isolated Shard, _ body: @escaping Reader) {
    if let readAt, Shard.now &- readAt < DurabilityWatch.freshNanoseconds { return body(known) }
    switch state {
    case .reading(let readers, let timer):
      state = .reading(readers + [body], timer ?? answerLater(on: shard))
    case .idle:
      guard lane.isUp else { return body([]) }
      state = .reading([body], answerLater(on: shard))
      // A write has its Sync and its transaction for itself, so that this never shares them with a caller's write.
      lane.submit(Job(write: [probe]) { self.finish($0, on: shard) }, on: shard)
    }
  }

  private func finish(_ answer: Job.Answer, on shard: isolated Shard) {
    guard case .reading(let readers, let timer) = state else { return }
    if let timer { shard.cancel(timer) }
    if case .success(let rows) = answer, let rows = rows.first {
      known = Durability.risks(rows)
      readAt = Shard.now
    }
    state = .idle
    for reader in readers { reader(known) }
  }

  /// Starts the timer that gives the readers what is known.
  private func answerLater(on shard: isolated Shard) -> Timer {
    shard.schedule(after: DurabilityWatch.patienceNanoseconds) {
      guard case .reading(let readers, _) = self.state else { return }
      self.state = .reading([], nil)
      for reader in readers { reader(self.known) }
    }
  }
}
