/// What a daemon would never send.
struct ProtocolBreach: Error {
  let fact: String
  init(_ fact: String) { self.fact = fact }
}
