import BahariFrame

/// The bytes that were received but not yet decoded into frames, in memory that is reused.
///
/// The memory grows to the length of the longest frame at most, and shrinks again when no bytes are left. Frames over
/// the length limit never fill it, because the frame decoder refuses them by their header.
final class ReceiveBuffer {
  private static let usual = 65_536
  private static let most = FrameLimits.data + FrameHeader.size

  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: usual, alignment: 16)
  private var count = 0

  deinit { memory.deallocate() }

  /// Returns the memory into which the next bytes can be received; it has at least one byte.
  func room() -> UnsafeMutableRawBufferPointer {
    if count == memory.count { resize(to: min(max(memory.count * 2, Self.usual), Self.most)) }
    return UnsafeMutableRawBufferPointer(rebasing: memory[count...])
  }

  func added(_ bytes: Int) { count += bytes }

  /// Passes all bytes in the buffer to `body`, which returns how many it has used, and removes those from the buffer.
  func drain(_ body: (UnsafeRawBufferPointer) throws -> Int) rethrows {
    let used = try body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
    precondition(used <= count)
    count -= used
    if count > 0, used > 0, let base = memory.baseAddress {
      base.copyMemory(from: base + used, byteCount: count)
    }
    if count == 0, memory.count > Self.usual * 4 { resize(to: Self.usual) }
  }

  private func resize(to size: Int) {
    let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
    memory.deallocate()
    memory = larger
  }
}
