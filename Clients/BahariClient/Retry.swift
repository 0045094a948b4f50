/// Makes a call again where that can help and can do no harm: reads, and writes that carry a request id, when the
/// connection was lost with them or the daemon asks to come back later.
struct Retry {
  private let request: CallRequest
  private let attempts: Int
  private var made = 0
  /// An earlier attempt may have been applied.
  private var isInDoubt = false

  /// - Parameter attempts: how often the call may reach the daemon; 1 for once and never again.
  init(_ request: CallRequest, attempts: Int) {
    self.request = request
    self.attempts = attempts
  }

  /// Calls `attempt` until it goes well, may not be repeated, or the time is over.
  mutating func run<R>(_ attempt: () async throws -> R) async throws -> R {
    while true {
      do {
        return try await attempt()
      } catch let error as BahariError {
        guard let wait = wait(after: error) else { throw verdict(error) }
        if wait > 0 { try await Task.sleep(nanoseconds: wait) }
      }
    }
  }

  /// How long to wait before the next attempt, in nanoseconds; nil where there is none.
  private mutating func wait(after error: BahariError) -> UInt64? {
    if error.loss != .unreachable { made += 1 }
    if error.outcome == .unknown { isInDoubt = true }
    guard request.effect != .write, made < attempts else { return nil }
    let wait: UInt64
    if error.loss != nil {
      // The link itself waits before it connects again.
      wait = 0
    } else if error.code == .unavailable, let asked = error.retryAfter {
      // Longer each time, and not all callers at once.
      let base = min(Clock.nanoseconds(asked), 60_000_000_000) << UInt64(min(made - 1, 5))
      wait = base + UInt64.random(in: 0...base / 2)
    } else {
      return nil
    }
    return Clock.now + wait < request.deadline ? wait : nil
  }

  /// What the last error says of all attempts: an earlier one may have been applied all the same.
  private func verdict(_ error: BahariError) -> BahariError {
    var error = error
    if isInDoubt, error.outcome == .notApplied { error.outcome = .unknown }
    return error
  }
}
