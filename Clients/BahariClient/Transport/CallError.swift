import BahariFrame

/// Creates the errors of calls that end without a reply: their code, message and outcome.
enum CallError {
  static func tooLarge(_ request: CallRequest) -> BahariError {
    BahariError(
      .resourceExhausted,
      "the request of \(request.name) has \(request.payload.count) bytes and a frame holds "
        + "\(FrameLimits.data): send it in parts")
  }

  /// Returns the error of a call whose deadline passed.
  ///
  /// - Parameter fact: how far the call got before the deadline, such as "was not sent".
  /// - Parameter refusal: why the last attempt to connect failed; nil if it did not fail.
  static func late(_ request: CallRequest, _ fact: String, path: String, refusal: String?) -> BahariError {
    BahariError(
      .deadlineExceeded,
      "\(request.name) \(fact) on \(path) within \(request.timeout): give it more time"
        + (refusal.map { "; \($0)" } ?? ""))
  }

  /// Returns the error of a call whose connection was lost.
  ///
  /// - Parameter isSent: whether the whole request was sent, so that the daemon may have executed it.
  static func lost(_ request: CallRequest, _ reason: String, path: String, isSent: Bool) -> BahariError {
    let outcome: BahariError.Outcome = request.effect == .read || !isSent ? .notApplied : .unknown
    let advice =
      outcome == .unknown
      ? "whether it was carried out is unknown: read before calling again" : "nothing was written; call again"
    return BahariError(
      .unavailable, "\(request.name) got no answer from \(path): \(reason); \(advice)", outcome: outcome)
  }

  /// Returns the error of a call on a connection whose peer sent a frame that breaks the protocol.
  ///
  /// - Parameter isPartlySent: whether at least one byte of the request was sent.
  static func breach(_ breach: ProtocolBreach, of request: CallRequest, path: String, isPartlySent: Bool) -> BahariError
  {
    BahariError(
      .internal, "the peer at \(path) does not speak Bahari's protocol: it sent \(breach.fact)",
      outcome: isPartlySent && request.effect != .read ? .unknown : .notApplied)
  }
}
