/// Whether a call writes, and under a request id. This decides whether the client may repeat the call when its result
/// is unknown.
public enum CallEffect: Sendable {
  /// The call only reads.
  case read
  /// The call writes, and its request has a `request_id`: a repetition within a day has no second effect.
  case namedWrite
  /// The call writes without a request id. The client never repeats it, because a repetition would write again.
  case write
}
