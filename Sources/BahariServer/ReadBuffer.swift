/// Memory that a shard reads all its sockets into, one after the other; incomplete frames are copied out of it.
final class ReadBuffer {
  let bytes: UnsafeMutableRawBufferPointer

  init(size: Int) { bytes = .allocate(byteCount: size, alignment: 16) }

  deinit { bytes.deallocate() }
}
