/// The reason why bytes cannot be unpacked as a message.
package enum MessageError: Error, Equatable {
  /// The bytes are not a valid message. The path has the names of the faulty field and the fields that contain it,
  /// outermost first. It is empty if the whole message is invalid.
  case malformed(path: [String], String)
  /// The unpacked message would need more than `limit` bytes of memory.
  case tooLarge(limit: Int)
}
