/// The memory into which a shard reads from all its sockets, one after the other. Incomplete frames are copied from it
/// before the next read.
final class ReadBuffer {
  let bytes: UnsafeMutableRawBufferPointer

  init(size: Int) { bytes = .allocate(byteCount: size, alignment: 16) }

  deinit { bytes.deallocate() }
}
