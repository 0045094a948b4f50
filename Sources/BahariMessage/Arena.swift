import CProtobuf
import Glibc

/// The memory of one unpacked message: a bump allocator with a limit, freed as a whole.
///
/// protobuf-c allocates all parts of the message here. When the limit is exceeded, an allocation returns NULL, and
/// protobuf-c's unpack function fails without leaking memory.
final class Arena {
  private var chunks: [UnsafeMutableRawPointer] = []
  private var next: UnsafeMutableRawPointer?
  private var left = 0
  private var held = 0
  private let cap: Int
  private let chunkSize: Int

  /// Creates an arena. `expected` is the size of the first chunk and `cap` the memory limit, both in bytes.
  init(expected: Int, cap: Int) {
    self.cap = cap
    chunkSize = min(max(expected, 512), cap)
  }

  deinit { for chunk in chunks { free(chunk) } }

  /// Allocates `size` bytes, aligned to 16 bytes. Returns nil if the arena's limit would be exceeded.
  func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
    guard size >= 0, size <= cap else { return nil }
    let aligned = (size + 15) & ~15
    if aligned > left {
      let fresh = max(aligned, chunkSize)
      guard held + fresh <= cap, let chunk = malloc(fresh) else { return nil }
      chunks.append(chunk)
      held += fresh
      next = chunk
      left = fresh
    }
    defer {
      next = next.map { $0 + aligned }
      left -= aligned
    }
    return next
  }

  /// Calls `body` with a protobuf-c allocator that allocates from this arena. The allocator's pointer is valid only
  /// during the call.
  func withAllocator<T>(_ body: (UnsafeMutablePointer<ProtobufCAllocator>) -> T) -> T {
    var allocator = ProtobufCAllocator(
      alloc: { data, size in
        guard let data else { return nil }
        return Unmanaged<Arena>.fromOpaque(data).takeUnretainedValue().allocate(size)
      },
      free: { _, _ in },
      allocator_data: Unmanaged.passUnretained(self).toOpaque())
    return body(&allocator)
  }
}
