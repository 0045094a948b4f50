/// A method of a service, from the daemon's descriptors.
struct Method: Sendable {
  var service: String
  var name: String
  var input: MessageType
  var output: MessageType
  var streams: Bool
  var takesStream: Bool
}
