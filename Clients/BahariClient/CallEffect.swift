/// What a call does to the data, which decides whether it may be made again when nobody knows its end.
public enum CallEffect: Sendable {
  /// Changes nothing.
  case read
  /// Writes, under the `request_id` that its request carries: made again within a day it has no second effect.
  case namedWrite
  /// Writes, and once more when it is made again: this client never does.
  case write
}
