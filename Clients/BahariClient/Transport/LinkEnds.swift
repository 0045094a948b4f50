import Dispatch

/// Ends calls that get no reply, because the connection was lost, the peer broke the protocol, or their deadline
/// passed.
extension Link {
  /// Closes the connection after the peer broke the protocol. All calls fail, also those that wait to be sent, because
  /// the next connection would lead to the same peer.
  func fail(_ breach: ProtocolBreach) {
    state = .idle
    backoff.failed(at: Clock.now)
    for call in Array(calls.inFlight.values) + calls.removeWaiting() {
      let error = CallError.breach(breach, of: call.request, path: path, isPartlySent: call.isPartlySent(sentBytes))
      calls.finish(call, .failure(error))
    }
  }

  /// Closes a connection that was lost. Calls that were completely sent fail; all others are sent on the next
  /// connection.
  func lose(_ reason: String) {
    reachability.noteContact()
    state = .idle
    backoff.failed(at: Clock.now)
    for call in calls.inFlight.values.sorted(by: { $0.ticket > $1.ticket }) {
      if call.isSent(sentBytes) { calls.finish(call, .failure(lost(call, reason))) } else { calls.requeue(call) }
    }
    advance()
  }

  func lost(_ call: Call, _ reason: String) -> BahariError {
    var error = CallError.lost(call.request, reason, path: path, isSent: call.isSent(sentBytes))
    if case .closed = state { return error }
    error.loss = .lost
    return error
  }

  // MARK: Deadlines

  /// Sets the timer for deadlines to `time`, unless it already fires earlier. When it fires, all calls are checked,
  /// since they are few. All calls share one timer because a call's own timer would stay in the Dispatch queue until
  /// the call's deadline, although most calls end long before.
  func scheduleScan(at time: UInt64) {
    if let nextScan, nextScan <= time { return }
    nextScan = time
    executor.queue.asyncAfter(deadline: DispatchTime(uptimeNanoseconds: time)) { [weak self] in
      self?.assumeIsolated { $0.scan() }
    }
  }

  private func scan() {
    let now = Clock.now
    nextScan = nil
    var earliest: UInt64?
    for call in calls.unfinished {
      let limit = call.stream == 0 ? call.request.deadline : call.request.deadline &+ Self.grace
      if limit <= now {
        expire(call)
      } else {
        earliest = min(earliest ?? limit, limit)
      }
    }
    if let earliest { scheduleScan(at: earliest) }
  }

  private func expire(_ call: Call) {
    var error = late(call.request, call.stream == 0 ? "was not sent" : "was not answered")
    if call.isPartlySent(sentBytes), call.request.effect != .read { error.outcome = .unknown }
    giveUp(call, with: error)
  }

  /// Returns the error of a call whose deadline passed.
  ///
  /// - Parameter fact: how far the call got before the deadline, such as "was not sent".
  func late(_ request: CallRequest, _ fact: String) -> BahariError {
    CallError.late(request, fact, path: path, refusal: lastRefusal)
  }
}
