/// A growing byte buffer that writes protobuf's wire format and ttrpc frames.
///
/// A writer is reused for many messages: `removeAll` keeps its memory. The storage is one raw allocation, because with
/// an array the encoder would spend most of its time on the array's uniqueness check for each byte.
package final class WireWriter {
  private var base: UnsafeMutableRawPointer
  private var capacity: Int
  private var used = 0

  /// The number of bytes written so far.
  @inline(__always)
  package var count: Int { used }

  package init(capacity: Int = 4096) {
    self.capacity = max(capacity, 64)
    base = .allocate(byteCount: self.capacity, alignment: 16)
  }

  deinit { base.deallocate() }

  /// The bytes written. The pointer is valid until the next call that changes the writer.
  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

  /// The size of the allocated memory, in bytes.
  package var footprint: Int { capacity }

  package func removeAll() { used = 0 }

  /// Removes the bytes from `position` to the end.
  package func truncate(to position: Int) {
    precondition(position <= count)
    used = position
  }

  /// Removes the first `length` bytes, which have been sent.
  package func consume(_ length: Int) {
    precondition(length <= count)
    used -= length
    if count > 0 { base.copyMemory(from: base + length, byteCount: count) }
  }

  /// Frees the memory beyond `limit` bytes if the writer is empty.
  package func shrink(to limit: Int) {
    guard count == 0, capacity > limit else { return }
    base.deallocate()
    capacity = limit
    base = .allocate(byteCount: limit, alignment: 16)
  }

  @inline(__always)
  private func reserve(_ more: Int) {
    if count + more > capacity { grow(count + more) }
  }

  @inline(never)
  private func grow(_ needed: Int) {
    capacity = max(capacity * 2, needed)
    let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    larger.copyMemory(from: base, byteCount: count)
    base.deallocate()
    base = larger
  }

  // MARK: Bytes

  package func append(_ source: UnsafeRawBufferPointer) {
    guard let start = source.baseAddress, source.count > 0 else { return }
    reserve(source.count)
    (base + count).copyMemory(from: start, byteCount: source.count)
    used += source.count
  }

  package func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  package func append(byte: UInt8) {
    reserve(1)
    base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    used += 1
  }

  package func append(bigEndian value: UInt32) {
    reserve(4)
    base.storeBytes(of: value.bigEndian, toByteOffset: count, as: UInt32.self)
    used += 4
  }

  package func overwrite(at position: Int, bigEndian value: UInt32) {
    precondition(position + 4 <= count)
    base.storeBytes(of: value.bigEndian, toByteOffset: position, as: UInt32.self)
  }

  // MARK: Protobuf

  package func varint(_ value: UInt64) {
    reserve(10)
    used += store(varint: value, at: count)
  }

  /// Writes a varint into memory that is already reserved, and returns the number of bytes written.
  @inline(__always) @discardableResult
  private func store(varint value: UInt64, at position: Int) -> Int {
    var rest = value
    var at = position
    while rest >= 0x80 {
      base.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: at, as: UInt8.self)
      at += 1
      rest >>= 7
    }
    base.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: at, as: UInt8.self)
    return at - position + 1
  }

  package func tag(_ field: UInt32, _ type: WireType) {
    varint(UInt64(field) << 3 | UInt64(type.rawValue))
  }

  package func field(_ number: UInt32, varint value: UInt64) {
    tag(number, .varint)
    varint(value)
  }

  package func field(_ number: UInt32, fixed64 value: UInt64) {
    tag(number, .fixed64)
    reserve(8)
    base.storeBytes(of: value.littleEndian, toByteOffset: count, as: UInt64.self)
    used += 8
  }

  package func field(_ number: UInt32, bytes value: UnsafeRawBufferPointer) {
    tag(number, .lengthDelimited)
    varint(UInt64(value.count))
    append(value)
  }

  package func field(_ number: UInt32, string value: String) {
    var value = value
    value.withUTF8 { field(number, bytes: UnsafeRawBufferPointer($0)) }
  }

  /// Writes a number as a string field with its decimal digits.
  package func field(_ number: UInt32, decimal value: UInt32) {
    withUnsafeTemporaryAllocation(byteCount: 10, alignment: 1) { digits in
      var rest = value
      var start = digits.count
      repeat {
        start -= 1
        digits[start] = UInt8(ascii: "0") + UInt8(rest % 10)
        rest /= 10
      } while rest > 0
      field(number, bytes: UnsafeRawBufferPointer(rebasing: digits[start...]))
    }
  }

  /// Writes a nested message. Its length is inserted before it when `body` has written it.
  package func field(_ number: UInt32, message body: () throws -> Void) rethrows {
    tag(number, .lengthDelimited)
    let start = count
    append(byte: 0)
    try body()
    close(from: start)
  }

  /// Inserts a message's length before the message. One byte is reserved for the length, at `start`; the message is
  /// moved if its length needs more bytes.
  private func close(from start: Int) {
    let length = count - start - 1
    let size = WireWriter.size(varint: UInt64(length))
    if size > 1 {
      reserve(size - 1)
      (base + start + size).copyMemory(from: base + start + 1, byteCount: length)
    }
    // `varint(_:)` must not be used here: it may grow the storage, and growing copies only the bytes before `count`.
    store(varint: UInt64(length), at: start)
    used = start + size + length
  }

  /// The number of bytes of `value` as a varint.
  package static func size(varint value: UInt64) -> Int {
    (70 - (value | 1).leadingZeroBitCount) / 7
  }
}
