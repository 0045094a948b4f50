import BahariFrame

extension FuzzTarget {
  /// The first byte chooses the limits, the next two where the stream is cut.
  static let frames = FuzzTarget(
    name: "frames", longest: 512, rounds: 2_500,
    seeds: {
      let request = written { writer in
        ([8, 1] as [UInt8]).withUnsafeBytes {
          writer.request(stream: 1, service: "bahari.v1.DesaService", method: "Get", payload: $0)
        }
      }
      let end = written { $0.endOfStream(3) }
      let cancel = written { $0.frame(stream: 1, type: .cancel) {} }
      func header(_ length: UInt32) -> [UInt8] {
        written {
          $0.append(bigEndian: length)
          $0.append(bigEndian: 7)
          $0.append(byte: 1)
          $0.append(byte: 0)
        }
      }
      return [
        Seed("empty", [0, 0, 0]), Seed("request", [0, 5, 60] + request), Seed("two", [0, 10, 11] + end + cancel),
        Seed("oversize", [1, 3, 20] + header(40) + [UInt8](repeating: 7, count: 40) + end),
        Seed("oversize-cut", [1, 20, 21] + header(40) + [UInt8](repeating: 7, count: 20)),
        Seed("hopeless", [1, 2, 9] + header(0xffff_ffff) + end), Seed("half-a-header", [0, 1, 2] + end.prefix(6)),
        Seed("unknown-type", [2, 4, 8] + [0, 0, 0, 1, 0, 0, 0, 9, 0x77, 0xff, 0xaa] + end),
      ]
    },
    check: { bytes in
      var choices = Choices(bytes)
      let limits = choices.byte()
      let (one, other) = (choices.byte(), choices.byte())
      let stream = Array(choices.rest)
      let decoder = limits % 4 == 0 ? FrameDecoder() : FrameDecoder(limit: limits % 4 * 16, skippable: limits)
      let whole = try FrameReading(decoder, stream, cutAt: [])
      for cuts in [[one, other].sorted(), Array(0..<stream.count)] {
        let pieces = try FrameReading(decoder, stream, cutAt: cuts)
        try hold(pieces.events == whole.events, "cut at \(cuts) the stream has other frames")
        try hold(pieces.rest == whole.rest, "cut at \(cuts) other bytes are left over")
      }
      try whole.checkEncoding(of: stream)
    })
}

/// The frames of a stream that arrives in pieces.
private struct FrameReading {
  enum Event: Equatable {
    case frame(FrameHeader, [UInt8])
    case oversize(FrameHeader)
    case hopeless(FrameHeader)
  }

  private(set) var events: [Event] = []
  /// The bytes that the decoder did not take.
  private(set) var rest: [UInt8] = []

  init(_ decoder: FrameDecoder, _ stream: [UInt8], cutAt cuts: [Int]) throws {
    var decoder = decoder
    var start = 0
    for end in cuts.filter({ $0 < stream.count }) + [stream.count] {
      rest += stream[start..<max(start, end)]
      start = max(start, end)
      guard try read(&decoder) else { break }
    }
    // Where a connection is closed, what came behind depends on the pieces and does not matter.
    if case .hopeless = events.last { rest = [] }
  }

  /// Reads the frames in `rest`. Returns false if the connection would be closed.
  private mutating func read(_ decoder: inout FrameDecoder) throws -> Bool {
    var offset = 0
    let isOpen = try rest.withUnsafeBytes { bytes in
      var before = 0
      while let event = decoder.next(in: bytes, at: &offset) {
        try hold(offset > before && offset <= bytes.count, "an event moves from \(before) to \(offset)")
        before = offset
        switch event {
        case .frame(let header, let data):
          try hold(data.count == Int(header.length), "a frame has \(data.count) bytes and not \(header.length)")
          events.append(.frame(header, Array(data)))
        case .oversize(let header): events.append(.oversize(header))
        case .hopeless(let header):
          events.append(.hopeless(header))
          return false
        }
      }
      try hold(!decoder.isSkipping || offset == bytes.count, "skipping stops before the end of the bytes")
      return true
    }
    rest.removeFirst(offset)
    return isOpen
  }

  /// Whether frames of known types, written again, are the bytes they were read from.
  func checkEncoding(of stream: [UInt8]) throws {
    guard events.allSatisfy({ if case .frame(let header, _) = $0 { header.type != nil } else { false } }) else {
      return
    }
    let again = written { writer in
      for case .frame(let header, let data) in events {
        guard let type = header.type else { continue }
        data.withUnsafeBytes { bytes in
          writer.frame(stream: header.stream, type: type, flags: header.flags) { writer.append(bytes) }
        }
      }
    }
    try hold(again + rest == stream, "frames are written differently from how they were read")
  }
}
