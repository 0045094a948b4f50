import BahariFrame

/// Received bytes that are not cut into frames yet, in one allocation that is reused.
///
/// Grows to the length of one frame at most; the decoder has checked that length against the limit before. Shrinks again
/// once it is empty.
final class ReceiveBuffer {
  private static let usual = 65_536
  private static let most = FrameLimits.data + FrameHeader.size

  private var memory = UnsafeMutableRawBufferPointer.allocate(byteCount: usual, alignment: 16)
  private var count = 0

  deinit { memory.deallocate() }

  /// The memory for the next bytes; never empty.
  func room() -> UnsafeMutableRawBufferPointer {
    if count == memory.count { resize(to: min(max(memory.count * 2, Self.usual), Self.most)) }
    return UnsafeMutableRawBufferPointer(rebasing: memory[count...])
  }

  func added(_ bytes: Int) { count += bytes }

  /// Passes all bytes to `body`, which returns how many of them it has used.
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
