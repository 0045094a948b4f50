import BahariFrame

/// Limits on what clients may take of the server. To add one: name it with its unit, say why, and make
/// what passes it answered or cut, never kept.
package struct ServerLimits: Sendable {
  /// Clients at a time; the next is accepted and closed at once. Each takes a descriptor.
  package var connections = CallLimits.clients
  /// Calls of one connection at a time; the next is refused and reading goes on.
  package var callsInFlight = CallLimits.callsInFlight
  /// Bytes read from one connection per event, so that a busy one does not keep others waiting.
  package var readBytes = 65_536
  package var readsPerEvent = 4
  /// Unsent bytes beyond which a connection's requests are left unread.
  package var outHighBytes = 1_048_576
  /// Unsent bytes beyond which the client is cut: calls that it had in flight before may bring 4 MiB each.
  package var outMaximumBytes = 67_108_864
  /// Unsent bytes beyond which streams wait.
  package var streamHighBytes = 262_144
  /// Memory that an idle connection's buffers may keep, in bytes.
  package var idleBufferBytes = 16_384
  /// A frame that has begun is complete after so long, or its client is cut: one that sends a byte a second
  /// would hold memory for days.
  package var frameNanoseconds: UInt64 = 30_000_000_000
  /// A client that has no call in flight and sends nothing for so long is cut; 0 for never, since pools of
  /// clients keep connections in reserve.
  package var idleNanoseconds: UInt64 = 0
  /// A client that takes nothing for so long is cut.
  package var writeStallNanoseconds: UInt64 = 30_000_000_000
  /// How often a half-closed connection with calls in flight is asked whether its client is still there.
  package var hangupCheckNanoseconds: UInt64 = 250_000_000
  /// Connections accepted per event.
  package var acceptsPerEvent = 64
  /// Pause after accept failed for want of descriptors, which no event ends.
  package var acceptPauseNanoseconds: UInt64 = 100_000_000
  /// How long calls in flight may take once the server is told to stop.
  package var drainNanoseconds: UInt64 = 30_000_000_000

  package init() {}
}
