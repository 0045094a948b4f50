import BahariFrame

/// Limits on the resources that clients use. To add a limit: include the unit in its name, document the reason, and
/// refuse the call or close the connection that exceeds it.
package struct ServerLimits: Sendable {
  /// The largest number of connected clients. A further client is accepted and disconnected at once. Each client needs
  /// a file descriptor.
  package var connections = CallLimits.clients
  /// The largest number of calls in flight on one connection. A further call is refused.
  package var callsInFlight = CallLimits.callsInFlight
  /// The largest number of bytes per read. Together with `readsPerEvent` it limits the bytes that one event reads from
  /// a connection, so that a busy connection does not delay the others.
  package var readBytes = 65_536
  package var readsPerEvent = 4
  /// When a connection has more unsent bytes than this, reading from it pauses.
  package var outHighBytes = 1_048_576
  /// When a connection has more unsent bytes than this, it is closed. Each call that is in flight when reading pauses
  /// may add an answer of 4 MiB.
  package var outMaximumBytes = 67_108_864
  /// When a connection has this many unsent bytes or more, its streaming calls wait before they send more.
  package var streamHighBytes = 262_144
  /// The memory that a connection's send buffer keeps when all is sent, in bytes.
  package var idleBufferBytes = 16_384
  /// The longest time from a frame's first byte to its last; then the connection is closed. Otherwise a client that
  /// sends one byte per second could occupy memory for days.
  package var frameNanoseconds: UInt64 = 30_000_000_000
  /// A connection that has no call in flight and receives nothing for this time is closed. 0, the default, means never,
  /// because clients' connection pools keep idle connections in reserve.
  package var idleNanoseconds: UInt64 = 0
  /// A connection that has unsent answers is closed if its client reads no byte of them for this time.
  package var writeStallNanoseconds: UInt64 = 30_000_000_000
  /// The interval for checking whether a client that sends no more, but has calls in flight, has closed its socket.
  package var hangupCheckNanoseconds: UInt64 = 250_000_000
  /// The largest number of connections accepted in one event.
  package var acceptsPerEvent = 64
  /// The pause after accept failed for lack of file descriptors or memory. No event reports when they are available
  /// again.
  package var acceptPauseNanoseconds: UInt64 = 100_000_000
  /// The longest time that `drain` waits for calls in flight; then all connections are closed.
  package var drainNanoseconds: UInt64 = 30_000_000_000

  package init() {}
}
