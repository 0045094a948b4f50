/// A position in the file, at the end of a record.
struct ImportPlace: Equatable {
  /// Bytes from the start of the file.
  var offset = 0
  /// The line of the record.
  var line = 0
  /// FNV-1a over the bytes before `offset`, to recognize that part of the file.
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    offset += bytes.count
  }
}
