/// Repeats a failed call if the connection was lost or the daemon asks for a later attempt. Only reads and writes with
/// a request id are repeated, because their repetition has no second effect.
struct Retry {
  private let request: CallRequest
  private let attempts: Int
  private var made = 0
  /// Whether the write of an earlier attempt may have taken place.
  private var mayBeApplied = false

  /// - Parameter attempts: the maximum number of attempts, not counting those that could not connect. With 1, no call
  ///   that was sent is repeated.
  init(_ request: CallRequest, attempts: Int) {
    self.request = request
    self.attempts = attempts
  }

  /// Runs `attempt` until it succeeds, its error allows no repetition, or no time is left before the deadline.
  mutating func run<R>(_ attempt: () async throws -> R) async throws -> R {
    while true {
      do {
        return try await attempt()
      } catch let error as BahariError {
        guard let wait = wait(after: error) else { throw combined(error) }
        if wait > 0 { try await Task.sleep(nanoseconds: wait) }
      }
    }
  }

  /// Records the failure of an attempt. Returns how many nanoseconds to wait before the next attempt; nil if the call
  /// must not be attempted again.
  private mutating func wait(after error: BahariError) -> UInt64? {
    if error.loss != .unreachable { made += 1 }
    if error.outcome == .unknown { mayBeApplied = true }
    guard request.effect != .write, made < attempts else { return nil }
    let wait: UInt64
    if error.loss != nil {
      // The next attempt need not wait here: the connection (`Link`) waits before it reconnects.
      wait = 0
    } else if error.code == .unavailable, let asked = error.retryAfter {
      // The delay doubles with each attempt. A random part keeps callers from repeating all at the same time.
      let base = min(Clock.nanoseconds(asked), 60_000_000_000) << UInt64(min(made - 1, 5))
      wait = base + UInt64.random(in: 0...base / 2)
    } else {
      return nil
    }
    return Clock.now + wait < request.deadline ? wait : nil
  }

  /// Returns the last attempt's error with the outcome of all attempts: `unknown` if the write of an earlier attempt
  /// may have taken place.
  private func combined(_ error: BahariError) -> BahariError {
    var error = error
    if mayBeApplied, error.outcome == .notApplied { error.outcome = .unknown }
    return error
  }
}
