import BahariFrame

/// Limits on the resources that clients take. To add one: name it with its unit, document the reason, and refuse the
/// call or close the connection that passes it.
package struct ServerLimits: Sendable {
  /// Most clients at a time; the next is accepted and closed at once. Each takes a descriptor.
  package var connections = CallLimits.clients
  /// Most calls in flight on one connection; the next is refused.
  package var callsInFlight = CallLimits.callsInFlight
  /// Most bytes per read. With `readsPerEvent` it bounds the bytes that one event reads from a connection, so that a
  /// busy one does not keep others waiting.
  package var readBytes = 65_536
  package var readsPerEvent = 4
  /// Unsent bytes beyond which reading from the connection pauses.
  package var outHighBytes = 1_048_576
  /// Unsent bytes beyond which the connection is closed: each call that was in flight when reading paused may add 4 MiB.
  package var outMaximumBytes = 67_108_864
  /// Unsent bytes from which on streams wait.
  package var streamHighBytes = 262_144
  /// Memory that a connection's buffer keeps when all is sent, in bytes.
  package var idleBufferBytes = 16_384
  /// Time from a frame's first byte to its last; the connection is closed after it. A client that sends one byte a
  /// second would otherwise hold memory for days.
  package var frameNanoseconds: UInt64 = 30_000_000_000
  /// A connection without calls in flight on which nothing comes for this time is closed; 0 for never, the default,
  /// since pools of clients keep connections in reserve.
  package var idleNanoseconds: UInt64 = 0
  /// A connection with unsent answers of which the client takes no byte for this time is closed.
  package var writeStallNanoseconds: UInt64 = 30_000_000_000
  /// How often a half-closed connection with calls in flight is checked for its client having left.
  package var hangupCheckNanoseconds: UInt64 = 250_000_000
  /// Most connections accepted per event.
  package var acceptsPerEvent = 64
  /// Pause after accept failed for lack of descriptors or memory; no event reports that there are some again.
  package var acceptPauseNanoseconds: UInt64 = 100_000_000
  /// Time for calls in flight after `drain` was called.
  package var drainNanoseconds: UInt64 = 30_000_000_000

  package init() {}
}
