import BahariFrame

/// Answers to be sent to a client. Sent bytes are removed only when they are at least half of the buffer, so that a
/// long answer is not moved in memory after each partial write.
struct OutBuffer {
  let writer = WireWriter(capacity: 256)
  private var sent = 0

  /// The number of bytes to be sent.
  var count: Int { writer.count - sent }

  /// The bytes to be sent. The pointer is valid until the buffer changes.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: writer.bytes[sent...]) }

  /// Drops the first `length` bytes, which have been sent.
  mutating func consume(_ length: Int) {
    sent += length
    guard sent * 2 >= writer.count else { return }
    writer.consume(sent)
    sent = 0
  }
}
