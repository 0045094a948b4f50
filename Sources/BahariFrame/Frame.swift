/// The types of ttrpc frames. `cancel` is Bahari's extension. Frames of other types are ignored.
package enum FrameType: UInt8, Sendable {
  case request = 1
  case response = 2
  case data = 3
  case cancel = 0x43
}

package struct FrameFlags: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The sender will send no more on this stream.
  package static let remoteClosed = FrameFlags(rawValue: 0x01)
  /// The sender will send more on this stream.
  package static let remoteOpen = FrameFlags(rawValue: 0x02)
  /// The frame carries no message, not even an empty one.
  package static let noData = FrameFlags(rawValue: 0x04)
}

/// The ten bytes at the beginning of every frame: length and stream in big-endian order, type, flags.
package struct FrameHeader: Sendable, Hashable {
  /// The number of bytes of data that follow the header.
  package var length: UInt32
  package var stream: UInt32
  /// The type as a number, because frames of unknown types are ignored and not refused.
  package var rawType: UInt8
  package var flags: FrameFlags

  package static let size = 10

  package init(length: UInt32, stream: UInt32, type: FrameType, flags: FrameFlags = []) {
    self.init(length: length, stream: stream, rawType: type.rawValue, flags: flags)
  }

  package init(length: UInt32, stream: UInt32, rawType: UInt8, flags: FrameFlags) {
    self.length = length
    self.stream = stream
    self.rawType = rawType
    self.flags = flags
  }

  package var type: FrameType? { FrameType(rawValue: rawType) }

  /// Whether a client chose the stream's number: clients use odd numbers.
  package var isClientStream: Bool { stream & 1 == 1 }

  init(_ bytes: UnsafeRawBufferPointer) {
    precondition(bytes.count >= FrameHeader.size)
    length = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self))
    stream = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    rawType = bytes[8]
    flags = FrameFlags(rawValue: bytes[9])
  }
}

/// The limits on a frame's size, in bytes.
package enum FrameLimits {
  /// The largest size of the data in a frame.
  package static let data = 4_194_304
  /// The largest size of the data that the receiver skips after it has refused a frame as too long. After a longer
  /// frame it closes the connection.
  package static let skippable = 16_777_216
}

extension WireWriter {
  /// Writes one frame: the header, then what `body` writes.
  package func frame(
    stream: UInt32, type: FrameType, flags: FrameFlags = [], body: () throws -> Void
  ) rethrows {
    let start = count
    append(bigEndian: 0)
    append(bigEndian: stream)
    append(byte: type.rawValue)
    append(byte: flags.rawValue)
    try body()
    overwrite(at: start, bigEndian: UInt32(count - start - FrameHeader.size))
  }
}
