import TestSupport
import Testing

@testable import BahariPostgres

@Suite("Parts of the driver") struct PartsTests {
  @Test("pauses double from 50 ms to 500 ms, give or take a quarter", arguments: 1...100 as ClosedRange<UInt64>)
  func backoff(seed: UInt64) {
    var backoff = Backoff(seed: seed)
    for round in 0..<2 {
      for attempt in 0..<12 {
        let base = min(50_000_000 << attempt, 500_000_000 as UInt64)
        let bounds = base - base / 4...base + base / 4
        #expect(bounds.contains(backoff.next()), "attempt \(attempt) of round \(round)")
      }
      backoff.reset()
    }
  }

  @Test("a connection that lived is replaced at once, one that hardly lived after a pause that grows") func lives() {
    var backoff = Backoff(seed: 1)
    let short = (0..<3).map { _ in backoff.next(after: Backoff.shortLife - 1) / 1_000_000 }
    #expect((37...63).contains(short[0]) && (75...125).contains(short[1]) && (150...250).contains(short[2]))
    #expect(backoff.next(after: Backoff.shortLife) == 0)
    #expect((37_000_000...63_000_000).contains(backoff.next(after: 0)))
  }

  @Test("many that fail together do not come back together") func spread() {
    let pauses = Set(
      (1...100 as ClosedRange<UInt64>).map { seed in
        var backoff = Backoff(seed: seed)
        return backoff.next() / 1_000_000
      })
    #expect(pauses.count > 10)
  }

  @Test("of prepared statements the one used least recently goes") func eviction() {
    let statements = (0..<4).map { Statement("SELECT \($0)") }
    var cache = StatementCache(capacity: 3)
    #expect(cache.name(of: statements[0]) == nil)
    let names = statements[..<3].map { cache.add($0) }
    #expect(names.allSatisfy { $0.evicted == nil })
    #expect(Set(names.map(\.name)).count == 3)
    // 0 is used again, so 1 is the oldest.
    #expect(cache.name(of: statements[0]) == names[0].name)
    let fourth = cache.add(statements[3])
    #expect(fourth.evicted == names[1].name)
    #expect(cache.name(of: statements[1]) == nil)
    #expect(cache.name(of: statements[2]) == names[2].name)
    #expect(cache.count == 3)
    cache.forget(statements[2])
    #expect(cache.name(of: statements[2]) == nil)
    let again = cache.add(statements[2])
    #expect(again.evicted == nil, "there was room")
    #expect(!(names.map(\.name) + [fourth.name]).contains(again.name), "names are not used again")
  }

  @Test("statements are equal if text and types are, whichever object they are") func statements() {
    #expect(Statement("SELECT $1", [20]) == Statement("SELECT $1", [20]))
    #expect(Statement("SELECT $1", [20]) != Statement("SELECT $1", [23]))
    #expect(Statement("SELECT $1", [20]) != Statement("SELECT $1 ", [20]))
    #expect(Set([Statement("A"), Statement("A"), Statement("B")]).count == 2)
    var cache = StatementCache(capacity: 0)
    let name = cache.add(Statement("SELECT 1")).name
    #expect(cache.name(of: Statement("SELECT 1")) == name)
  }

  @Test("first in, first out, as an array does it") func fifo() {
    var random = Seeded(31)
    var queue = Fifo<Int>()
    var model: [Int] = []
    var next = 0
    for step in 0..<50_000 {
      // Long runs of either, so that the queue grows over its threshold and is emptied again.
      if Int.random(in: 0..<10, using: &random) < (step / 5_000 % 2 == 0 ? 7 : 2) {
        queue.append(next)
        model.append(next)
        next += 1
      } else {
        #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
      }
      #expect(queue.count == model.count)
      #expect(queue.first == model.first)
    }
    #expect(queue.removeAll() == model)
    #expect(queue.isEmpty)
    #expect(queue.popFirst() == nil)
    queue.append(1)
    #expect(queue.removeAll() == [1])
  }

  @Test("which errors end a connection, and which ask for a new plan") func states() {
    let ending = ["08000", "08006", "57P01", "57P02", "57P03", "25006", "25P02"]
    #expect(ending.allSatisfy { SQLState($0).endsConnection })
    let others = ["00000", "57014", "23505", "25001", "40001", "0A000", "53300", "55P03", "P0001", ""]
    #expect(!others.contains { SQLState($0).endsConnection })
    #expect(["26000", "42P05", "0A000"].allSatisfy { SQLState($0).asksForNewPlan })
    #expect(!(ending + ["57014", "23505", "42601", "42P01", "0A001"]).contains { SQLState($0).asksForNewPlan })
  }
}
