/// The reason why bytes cannot be unpacked as a message.
package enum MessageError: Error, Equatable {
  /// The bytes are no valid message. The path has the names of the faulty field and the fields around it, outermost
  /// first; it is empty if the message as a whole is invalid.
  case malformed(path: [String], String)
  /// The unpacked message would take more memory than `limit` bytes.
  case tooLarge(limit: Int)
}
