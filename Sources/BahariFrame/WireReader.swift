/// Protobuf's wire types. Groups (types 3 and 4), which Bahari's messages do not use, are refused as malformed.
package enum WireType: UInt8, Sendable {
  case varint = 0
  case fixed64 = 1
  case lengthDelimited = 2
  case fixed32 = 5
}

/// The reason why bytes are not a valid protobuf message.
package enum WireError: Error, Equatable, Sendable, CustomStringConvertible {
  case truncated
  case malformedVarint
  case malformedTag(UInt64)
  case invalidUTF8

  package var description: String {
    switch self {
    case .truncated: "the message ends in the middle of a field"
    case .malformedVarint: "a number, a tag or a length takes more bytes than it may"
    case .malformedTag(let tag): "\(tag) is not a field tag"
    case .invalidUTF8: "a text is not UTF-8"
    }
  }
}

/// A field's value, by its wire type. `bytes` points into the message that was read.
package enum WireValue {
  case varint(UInt64)
  case fixed64(UInt64)
  case fixed32(UInt32)
  case bytes(UnsafeRawBufferPointer)

  package var type: WireType {
    switch self {
    case .varint: .varint
    case .fixed64: .fixed64
    case .fixed32: .fixed32
    case .bytes: .lengthDelimited
    }
  }
}

/// Reads the fields of one protobuf message without copying. Checks every length against the remaining bytes.
package struct WireReader {
  private let bytes: UnsafeRawBufferPointer
  /// The number of bytes read so far.
  package private(set) var offset = 0

  package init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  package var atEnd: Bool { offset == bytes.count }

  /// Returns the next field, or nil at the end of the message.
  package mutating func next() throws(WireError) -> (number: UInt32, value: WireValue)? {
    guard !atEnd else { return nil }
    let tag = try varint(bytes: WireReader.shortVarint)
    guard tag >> 3 >= 1, tag >> 3 <= 536_870_911, let type = WireType(rawValue: UInt8(tag & 7)) else {
      throw .malformedTag(tag)
    }
    return (UInt32(tag >> 3), try value(of: type))
  }

  private mutating func value(of type: WireType) throws(WireError) -> WireValue {
    switch type {
    case .varint: return .varint(try varint())
    case .fixed64: return .fixed64(UInt64(littleEndian: try fixed(UInt64.self)))
    case .fixed32: return .fixed32(UInt32(littleEndian: try fixed(UInt32.self)))
    case .lengthDelimited:
      let length = try varint(bytes: WireReader.shortVarint)
      guard length <= UInt64(bytes.count - offset) else { throw .truncated }
      let start = offset
      offset += Int(length)
      return .bytes(UnsafeRawBufferPointer(rebasing: bytes[start..<offset]))
    }
  }

  /// The largest size of a tag or a length in bytes, as both have 32 bits. protobuf-c has the same limit, so it can
  /// unpack every message that this reader accepts.
  private static let shortVarint = 5

  package mutating func varint(bytes most: Int = 10) throws(WireError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 7 * UInt64(most) {
      guard offset < bytes.count else { throw .truncated }
      let byte = bytes[offset]
      offset += 1
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw .malformedVarint
  }

  private mutating func fixed<T: FixedWidthInteger>(_: T.Type) throws(WireError) -> T {
    let size = MemoryLayout<T>.size
    guard bytes.count - offset >= size else { throw .truncated }
    defer { offset += size }
    return bytes.loadUnaligned(fromByteOffset: offset, as: T.self)
  }
}

extension String {
  /// Decodes the bytes of a protobuf string field. Throws if they are not valid UTF-8.
  package init(wire bytes: UnsafeRawBufferPointer) throws(WireError) {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .invalidUTF8 }
    self = text
  }
}
