/// A position in the imported file: the end of a record.
struct ImportPlace: Equatable {
  /// The number of bytes before the position.
  var offset = 0
  /// The line on which the record starts, from 1; 0 at the start of the file.
  var line = 0
  /// A hash (FNV-1a) of the bytes before `offset`, which shows whether that part of the file has changed.
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    offset += bytes.count
  }
}
