/// Why a connection refuses a frame without asking its handler, which gives the reason its status.
package struct FrameRefusal: Error, Sendable, Hashable {
  package enum Reason: Sendable, Hashable {
    /// The frame breaks the protocol, or its request cannot be decoded.
    case malformed
    /// Too many calls are in flight on the connection.
    case overloaded
    /// The frame is longer than frames may be.
    case frameTooLarge
  }

  package let reason: Reason
  /// One English sentence for the caller.
  package let message: String

  package init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }
}
