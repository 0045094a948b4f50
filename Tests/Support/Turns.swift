import Synchronization

/// Lets a few run at a time; the others wait for their turn, first come, first served.
///
///     let turns = Turns(4)
///     try await turns.take { … }
package final class Turns: Sendable {
  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  /// Those of `.offPool`.
  package static let shared = Turns(BlockingExecutor.sharedThreads)

  private let state: Mutex<State>

  package init(_ atOnce: Int) { state = Mutex(State(free: atOnce)) }

  package func take<R: Sendable>(_ body: @Sendable () async throws -> R) async rethrows -> R {
    await begin()
    defer { end() }
    return try await body()
  }

  private func begin() async {
    await withCheckedContinuation { turn in
      let isFree = state.withLock { state in
        guard state.free > 0 else {
          state.waiting.append(turn)
          return false
        }
        state.free -= 1
        return true
      }
      if isFree { turn.resume() }
    }
  }

  private func end() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
      state.free += 1
      return nil
    }
    next?.resume()
  }
}
