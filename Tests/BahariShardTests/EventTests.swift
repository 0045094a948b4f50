import TestSupport
import Testing

@testable import BahariShard

/// Registers itself once per event, as a connection does for its write.
private final class Flush: EventEnd {
  let record: Record
  let name: String
  var then: ((isolated Shard) -> Void)?
  private var isScheduled = false

  init(_ name: String, _ record: Record) {
    self.name = name
    self.record = record
  }

  func schedule(on shard: isolated Shard) {
    guard !isScheduled else { return }
    isScheduled = true
    shard.atEndOfEvent(self)
  }

  func eventEnded(on shard: isolated Shard) {
    isScheduled = false
    record.entries.append("end of \(name)")
    then?(shard)
  }
}

/// Carries objects of a shard into closures that run there; `@unchecked Sendable` because only those use it.
private struct OfShard: @unchecked Sendable {
  let record = Record()
  let flush: Flush

  init() { flush = Flush("flush", record) }
}

private func claimIsolation(to shard: Shard) { shard.assumeIsolated { _ = $0.timers } }

@Suite("Events") struct EventTests {
  @Test("work for the end of an event runs once per event, and before the next one") func oncePerEvent() async throws {
    let shard = Shard(name: "events")
    let inbox = Inbox<[String]>()
    let state = OfShard()
    for number in 1...3 {
      shard.enter { shard in
        state.record.entries.append("event \(number)")
        for _ in 0..<100 { state.flush.schedule(on: shard) }
        state.record.entries.append("done \(number)")
      }
    }
    shard.enter { _ in inbox.put(state.record.entries) }
    let expected = (1...3).flatMap { ["event \($0)", "done \($0)", "end of flush"] }
    #expect(try await inbox.next() == expected)
  }

  @Test("work that the end of an event causes is done in the same event") func nested() async throws {
    let shard = Shard(name: "events")
    let inbox = Inbox<[String]>()
    let state = OfShard()
    shard.enter { shard in
      let second = Flush("second", state.record)
      state.flush.then = { second.schedule(on: $0) }
      state.flush.schedule(on: shard)
    }
    shard.enter { _ in
      state.record.entries.append("next event")
      inbox.put(state.record.entries)
    }
    #expect(try await inbox.next() == ["end of flush", "end of second", "next event"])
  }

  @Test("a timer is an event too") func timer() async throws {
    let shard = Shard(name: "events")
    let inbox = Inbox<[String]>()
    let state = OfShard()
    shard.enter { shard in
      _ = shard.schedule(after: 0) {
        state.flush.schedule(on: shard)
        state.record.entries.append("timer")
      }
      state.flush.then = { _ in inbox.put(state.record.entries) }
    }
    #expect(try await inbox.next() == ["timer", "end of flush"])
  }

  @Test("work that an async function schedules runs once, without an event to end") func fromAsync() async throws {
    let shard = Shard(name: "events")
    let inbox = Inbox<[String]>()
    let state = OfShard()
    for round in 1...3 {
      await shard.run { shard in
        let other = Flush("other", state.record)
        state.flush.schedule(on: shard)
        other.schedule(on: shard)
        other.then = { _ in inbox.put(state.record.entries) }
        state.record.entries.append("resumed \(round)")
      }
      let expected = (1...round).flatMap { ["resumed \($0)", "end of flush", "end of other"] }
      #expect(try await inbox.next() == expected)
    }
  }

  @Test("what runs on the queue may take itself for isolated") func isolated() async throws {
    let shard = Shard(name: "events")
    let inbox = Inbox<Int>()
    await shard.run { shard in shard.queue.async { inbox.put(shard.assumeIsolated { $0.eventCounts.polls }) } }
    #expect(try await inbox.next() == 0)
  }

  /// The thread with which Swift Testing waits for the processes of such a test spins as long as the test process has
  /// other children, and takes half a core from all other tests.
  @Test(
    "what does not run on the queue, and takes itself for isolated, ends the process",
    .enabled(if: ByName.isAsked("notIsolated"), "runs alone: swift test --filter notIsolated"))
  func notIsolated() async {
    await #expect(processExitsWith: .failure) {
      let shard = Shard(name: "events")
      shard.queue.sync {}
      claimIsolation(to: shard)
    }
    // By the check alone: the same on the queue does no harm.
    await #expect(processExitsWith: .success) {
      let shard = Shard(name: "events")
      shard.queue.sync { claimIsolation(to: shard) }
    }
  }
}
