/// What the decoder finds in the bytes.
package enum FrameEvent {
  /// A whole frame; the data points into the bytes that were given.
  case frame(FrameHeader, UnsafeRawBufferPointer)
  /// The header of a frame over the limit. Its data is skipped as it comes, never kept.
  case oversize(FrameHeader)
  /// The header of a frame that is too long to be skipped; the connection has to be closed.
  case hopeless(FrameHeader)
}

/// Cuts a byte stream into frames. Pure: bytes in, events out; it keeps no bytes.
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

  /// In the middle of the data of an oversize frame.
  package var isSkipping: Bool { toSkip > 0 }

  /// The next event, or nil when more bytes are needed. Moves `offset` past the bytes that were used.
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
