/// The error for a frame from the peer that breaks the protocol. The client then closes the connection.
struct ProtocolBreach: Error {
  /// The description of the frame, as the end of an error message that begins with "it sent".
  let fact: String
  init(_ fact: String) { self.fact = fact }
}
