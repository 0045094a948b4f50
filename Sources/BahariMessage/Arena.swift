import CProtobuf
import Glibc

/// Memory for one unpacked message: bump allocation up to a cap, all given back at once.
///
/// protobuf-c allocates through it; past the cap it is told there is no memory, and unpack fails cleanly.
final class Arena {
  private var chunks: [UnsafeMutableRawPointer] = []
  private var next: UnsafeMutableRawPointer?
  private var left = 0
  private var held = 0
  private let cap: Int
  private let chunkSize: Int

  /// `expected` and `cap` are in bytes.
  init(expected: Int, cap: Int) {
    self.cap = cap
    chunkSize = min(max(expected, 512), cap)
  }

  deinit { for chunk in chunks { free(chunk) } }

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

  /// Calls `body` with an allocator that takes from this arena.
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
