import BahariFrame

/// Bytes received from a client that are not a whole frame yet.
struct InBuffer {
  private var decoder = FrameDecoder()
  /// The beginning of a frame whose rest has not been received; nil if there is none.
  private var part: WireWriter?

  /// Whether the bytes received so far end in the middle of a frame, also of an oversize frame that is skipped.
  var isMidFrame: Bool { part != nil || decoder.isSkipping }

  /// Calls `handle` with each frame that `bytes` completes, until it returns false; the bytes after that frame are
  /// dropped. Otherwise keeps the beginning of the next frame. Returns the number of times that `handle` was called.
  ///
  /// `handle` must not use this `InBuffer`.
  mutating func feed(_ bytes: UnsafeRawBufferPointer, _ handle: (FrameEvent) -> Bool) -> Int {
    var frames = 0
    if let part {
      part.append(bytes)
      let (used, goesOn) = cut(part.bytes, &frames, handle)
      part.consume(used)
      if part.count == 0 || !goesOn { self.part = nil }
    } else {
      let (used, goesOn) = cut(bytes, &frames, handle)
      if used < bytes.count, goesOn {
        let rest = WireWriter(capacity: bytes.count - used)
        rest.append(UnsafeRawBufferPointer(rebasing: bytes[used...]))
        part = rest
      }
    }
    return frames
  }

  private mutating func cut(
    _ bytes: UnsafeRawBufferPointer, _ frames: inout Int, _ handle: (FrameEvent) -> Bool
  ) -> (used: Int, goesOn: Bool) {
    var offset = 0
    while let event = decoder.next(in: bytes, at: &offset) {
      frames += 1
      guard handle(event) else { return (offset, false) }
    }
    return (offset, true)
  }
}
