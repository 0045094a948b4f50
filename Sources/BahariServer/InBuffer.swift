import BahariFrame

/// What has come from a client and is no whole frame yet.
struct InBuffer {
  private var decoder = FrameDecoder()
  /// The beginning of a frame whose rest has not come; nil when there is none.
  private var part: WireWriter?

  /// In the middle of a frame, kept or skipped.
  var isMidFrame: Bool { part != nil || decoder.isSkipping }

  /// Hands each frame that `bytes` complete to `handle`, until it returns false; what follows then is dropped. Keeps
  /// the beginning of the next frame. Returns how many times `handle` was called.
  ///
  /// `handle` must not use this buffer.
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
