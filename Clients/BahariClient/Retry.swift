/// Repeats a call if that can help and has no second effect: reads, and writes with a request id, when the connection
/// was lost or the daemon asks to come back later.
struct Retry {
  private let request: CallRequest
  private let attempts: Int
  private var made = 0
  /// Whether an earlier attempt may have taken effect.
  private var mayBeApplied = false

  /// - Parameter attempts: the most attempts; with 1 the call is never repeated.
  init(_ request: CallRequest, attempts: Int) {
    self.request = request
    self.attempts = attempts
  }

  /// Calls `attempt` until it succeeds, may not be repeated, or the deadline has passed.
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

  /// Returns how long to wait before the next attempt, in nanoseconds; nil if there is none.
  private mutating func wait(after error: BahariError) -> UInt64? {
    if error.loss != .unreachable { made += 1 }
    if error.outcome == .unknown { mayBeApplied = true }
    guard request.effect != .write, made < attempts else { return nil }
    let wait: UInt64
    if error.loss != nil {
      // The link itself waits before it reconnects.
      wait = 0
    } else if error.code == .unavailable, let asked = error.retryAfter {
      // The delay doubles with each attempt; jitter spreads the callers.
      let base = min(Clock.nanoseconds(asked), 60_000_000_000) << UInt64(min(made - 1, 5))
      wait = base + UInt64.random(in: 0...base / 2)
    } else {
      return nil
    }
    return Clock.now + wait < request.deadline ? wait : nil
  }

  /// Returns the last error with the outcome of all attempts: an earlier one may have taken effect.
  private func combined(_ error: BahariError) -> BahariError {
    var error = error
    if mayBeApplied, error.outcome == .notApplied { error.outcome = .unknown }
    return error
  }
}
