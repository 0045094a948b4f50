import BahariFrame
import Dispatch

/// How calls end without an answer: the connection is lost, or their deadline passes.
extension Link {
  func fail(_ breach: ProtocolBreach) {
    state = .idle
    backoff.failed(at: Clock.now)
    let affected = Array(inFlight.values) + waiting.removeAll()
    for call in affected {
      let error = BahariError(
        .internal, "the peer at \(path) does not speak Bahari's protocol: it sent \(breach.fact)",
        outcome: isLeaving(call) && call.request.effect != .read ? .unknown : .notApplied)
      finish(call, .failure(error))
    }
  }

  /// A frame of which a byte is missing cannot have been executed.
  func hasLeft(_ call: Call) -> Bool { call.stream != 0 && call.frame.upperBound <= sentBytes }

  /// A frame of which a byte was sent is sent to its end.
  func isLeaving(_ call: Call) -> Bool { call.stream != 0 && call.frame.lowerBound < sentBytes }

  func lose(_ reason: String) {
    reached.note()
    state = .idle
    backoff.failed(at: Clock.now)
    for call in inFlight.values.sorted(by: { $0.ticket > $1.ticket }) {
      guard !hasLeft(call) else {
        finish(call, .failure(lossError(call, reason)))
        continue
      }
      inFlight[call.stream] = nil
      call.stream = 0
      waiting.prepend(call)
    }
    advance()
  }

  func lossError(_ call: Call, _ reason: String) -> BahariError {
    let outcome: BahariError.Outcome = call.request.effect == .read || !hasLeft(call) ? .notApplied : .unknown
    let advice =
      outcome == .unknown
      ? "whether it was carried out is unknown: read before calling again" : "nothing was written; call again"
    var error = BahariError(
      .unavailable, "\(call.request.name) got no answer from \(path): \(reason); \(advice)", outcome: outcome)
    if !isClosed { error.loss = .lost }
    return error
  }

  // MARK: Deadlines

  /// One timer for all calls: it fires at the earliest deadline it knows and then looks at every call,
  /// of which there are few. A timer per call would pile up for as long as the deadlines are long.
  func scheduleScan(at time: UInt64) {
    if let nextScan, nextScan <= time { return }
    nextScan = time
    executor.queue.asyncAfter(deadline: DispatchTime(uptimeNanoseconds: time)) { [weak self] in
      self?.assumeIsolated { $0.scan() }
    }
  }

  func scan() {
    let now = Clock.now
    nextScan = nil
    var earliest: UInt64?
    for call in Array(calls.values) where call.end == nil {
      let limit = call.stream == 0 ? call.request.deadline : call.request.deadline &+ Self.grace
      if limit <= now {
        expire(call)
      } else {
        earliest = min(earliest ?? limit, limit)
      }
    }
    if let earliest { scheduleScan(at: earliest) }
  }

  func expire(_ call: Call) {
    var error = lateError(call.request, call.stream == 0 ? "did not get its turn" : "was not answered")
    if isLeaving(call), call.request.effect != .read { error.outcome = .unknown }
    giveUp(call, with: error)
  }

  func lateError(_ request: CallRequest, _ fact: String) -> BahariError {
    let cause = lastRefusal.map { "; \($0)" } ?? ""
    return BahariError(
      .deadlineExceeded, "\(request.name) \(fact) on \(path) within \(request.timeout): give it more time\(cause)")
  }
}
