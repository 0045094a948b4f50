import TestSupport
import Testing

@testable import BahariShard

/// The heap alone: no timer here comes due.
@Suite("Timer heap") struct TimerHeapTests {
  /// A day from now; timers are due then or later.
  private static let later = Shard.now + 86_400_000_000_000

  @Test("10,000 random insertions and removals keep the earliest first", arguments: [1, 2, 3] as [UInt64])
  func againstModel(seed: UInt64) async {
    let shard = Shard(name: "heap")
    await shard.run { shard in
      var random = Seeded(seed)
      var timers: [Timer] = []
      for _ in 0..<10_000 {
        if timers.isEmpty || Int.random(in: 0..<5, using: &random) < 3 {
          // Few distinct times, so that equal ones are met often.
          let due = Self.later + UInt64.random(in: 0..<500, using: &random)
          timers.append(shard.schedule(at: due) {})
        } else {
          shard.cancel(timers.remove(at: Int.random(in: timers.indices, using: &random)))
        }
        guard shard.timers.first?.due == timers.map(\.due).min() else {
          Issue.record("the first is due at \(String(describing: shard.timers.first?.due))")
          return
        }
      }
      #expect(timers.count > 1_000)
      var order: [UInt64] = []
      while let first = shard.timers.first {
        order.append(first.due)
        shard.cancel(first)
      }
      #expect(order == timers.map(\.due).sorted())
    }
  }

  @Test("a timer taken out twice takes out no other") func cancelTwice() async {
    let shard = Shard(name: "heap")
    await shard.run { shard in
      let first = shard.schedule(at: Self.later) {}
      let second = shard.schedule(at: Self.later + 1) {}
      shard.cancel(first)
      shard.cancel(first)
      #expect(shard.timers.first === second)
      shard.cancel(second)
      #expect(shard.timers.first == nil)
    }
  }
}
