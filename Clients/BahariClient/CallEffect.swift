/// What a call does to the data, which decides whether it may be repeated when its result is unknown.
public enum CallEffect: Sendable {
  /// Changes nothing.
  case read
  /// Writes under the `request_id` in its request: repeated within a day, it has no second effect.
  case namedWrite
  /// Writes without a request id: repeated, it would write again. The client never repeats it.
  case write
}
