/// The reason why a connection refuses a frame without starting a call for it. The connection's `CallHandler` turns it
/// into a status.
package struct FrameRefusal: Error, Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    /// The frame breaks the protocol, or its request cannot be decoded.
    case malformed
    /// Too many calls are in flight on the connection.
    case overloaded
    /// The frame is longer than the limit.
    case frameTooLarge
  }

  package let reason: Reason
  /// The reason in one English sentence, for the client.
  package let message: String

  package init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }
}
