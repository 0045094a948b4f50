/// How far into the file something is.
struct ImportPlace: Equatable {
  /// Bytes from the start, at the end of a record.
  var offset = 0
  /// The line of that record.
  var line = 0
  /// FNV-1a over the bytes before `offset`.
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    offset += bytes.count
  }
}
