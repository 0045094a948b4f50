import TestSupport
import Testing

@testable import BahariShard

/// A record of events on a shard, in order; used there only.
final class Record {
  var entries: [String] = []
  var dues: [UInt64] = []
}

@Suite("Timers") struct TimerTests {
  @Test("500 timers fire once each, in the order they are due, and cancelled ones never") func order() async throws {
    let shard = Shard(name: "timers")
    let inbox = Inbox<[UInt64]>()
    let expected = await shard.run { shard in
      var random = Seeded(7)
      let record = Record()
      var kept: [UInt64] = []
      let start = Shard.now + 1_000_000
      for index in 0..<500 {
        let due = start + UInt64.random(in: 0..<20_000_000, using: &random)
        let timer = shard.schedule(at: due) { record.dues.append(due) }
        if index % 3 == 0 { shard.cancel(timer) } else { kept.append(due) }
      }
      _ = shard.schedule(at: start + 20_000_000) { inbox.put(record.dues) }
      return kept.sorted()
    }
    #expect(try await inbox.next() == expected)
  }

  @Test("a timer that another cancels in the same event does not fire") func cancelledByNeighbour() async throws {
    let shard = Shard(name: "timers")
    let inbox = Inbox<[String]>()
    await shard.run { shard in
      let record = Record()
      let now = Shard.now
      // Due already when the event begins, all three of them.
      let victim = shard.schedule(at: now - 2) { record.entries.append("victim") }
      _ = shard.schedule(at: now - 3) {
        record.entries.append("first")
        shard.cancel(victim)
      }
      _ = shard.schedule(at: now - 1) { inbox.put(record.entries + ["last"]) }
    }
    #expect(try await inbox.next() == ["first", "last"])
  }

  @Test("a timer may schedule the next, earlier than those there are") func chain() async throws {
    let shard = Shard(name: "timers")
    let inbox = Inbox<String>()
    await shard.run { shard in
      let far = shard.schedule(after: 3_600_000_000_000) { inbox.put("far") }
      _ = shard.schedule(after: 2_000_000) {
        _ = shard.schedule(after: 1_000_000) {
          inbox.put("second")
          shard.cancel(far)
        }
        inbox.put("first")
      }
    }
    #expect(try await inbox.next(2) == ["first", "second"])
    #expect(await shard.run { $0.timers.first == nil })
  }

  @Test("a timer releases its action when it fires and when it is cancelled") func releases() async throws {
    let shard = Shard(name: "timers")
    let inbox = Inbox<Void>()
    await shard.run { shard in
      weak var fired: Record?
      weak var cancelled: Record?
      do {
        let (one, two) = (Record(), Record())
        (fired, cancelled) = (one, two)
        _ = shard.schedule(after: 0) { one.entries.append("fired") }
        shard.cancel(shard.schedule(after: 0) { two.entries.append("cancelled") })
      }
      #expect(fired != nil)
      #expect(cancelled == nil)
      _ = shard.schedule(after: 1_000_000) {
        #expect(fired == nil)
        inbox.put(())
      }
    }
    try await inbox.next()
  }

  @Test("a deadline beyond the end of time never comes, instead of at once") func endless() async throws {
    let shard = Shard(name: "timers")
    let inbox = Inbox<String>()
    await shard.run { shard in
      _ = shard.schedule(after: .max) { inbox.put("endless") }
      _ = shard.schedule(after: 2_000_000) { inbox.put("2 ms") }
    }
    #expect(try await inbox.next() == "2 ms")
  }
}
