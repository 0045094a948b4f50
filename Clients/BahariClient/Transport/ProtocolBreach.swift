/// A frame that no daemon sends. The connection is closed.
struct ProtocolBreach: Error {
  /// What was sent, as the end of a sentence.
  let fact: String
  init(_ fact: String) { self.fact = fact }
}
