/// An event that `FrameDecoder` returns.
package enum FrameEvent {
  /// A whole frame. The data points into the bytes that were passed to the decoder.
  case frame(FrameHeader, UnsafeRawBufferPointer)
  /// The header of a frame that is longer than the limit. The decoder skips the frame's data without storing it.
  case oversize(FrameHeader)
  /// The header of a frame that is too long even to be skipped. The connection must be closed.
  case hopeless(FrameHeader)
}

/// Cuts a byte stream into frames. Pure: it takes bytes, returns events, and stores no bytes.
///
///     var offset = 0
///     while let event = decoder.next(in: bytes, at: &offset) { … }
///     // keep bytes[offset...] and pass them again, in front of the next bytes
package struct FrameDecoder: Sendable {
  private let limit: Int
  private let skippable: Int
  private var toSkip = 0

  package init(limit: Int = FrameLimits.data, skippable: Int = FrameLimits.skippable) {
    self.limit = limit
    self.skippable = skippable
  }

  /// Whether the decoder is in the middle of an oversize frame's data.
  package var isSkipping: Bool { toSkip > 0 }

  /// Returns the next event, or nil when more bytes are needed. Advances `offset` past the bytes that were used.
  package mutating func next(in bytes: UnsafeRawBufferPointer, at offset: inout Int) -> FrameEvent? {
    if toSkip > 0 {
      let skipped = min(toSkip, bytes.count - offset)
      toSkip -= skipped
      offset += skipped
      if toSkip > 0 { return nil }
    }
    guard bytes.count - offset >= FrameHeader.size else { return nil }
    let header = FrameHeader(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
    let length = Int(header.length)
    guard length <= limit else {
      offset += FrameHeader.size
      guard length <= skippable else { return .hopeless(header) }
      toSkip = length
      return .oversize(header)
    }
    let start = offset + FrameHeader.size
    guard bytes.count - start >= length else { return nil }
    offset = start + length
    return .frame(header, UnsafeRawBufferPointer(rebasing: bytes[start..<offset]))
  }
}
