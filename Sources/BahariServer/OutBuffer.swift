import BahariFrame

/// Answers to be sent to a client. Sent bytes are removed once they are half of the buffer, so that a long answer is not
/// moved with each piece that the socket takes.
struct OutBuffer {
  let writer = WireWriter(capacity: 256)
  private var sent = 0

  /// Bytes to be sent.
  var count: Int { writer.count - sent }

  /// The bytes to be sent; valid until the next change.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: writer.bytes[sent...]) }

  /// Drops the first `length` bytes, which have been sent.
  mutating func consume(_ length: Int) {
    sent += length
    guard sent * 2 >= writer.count else { return }
    writer.consume(sent)
    sent = 0
  }
}
