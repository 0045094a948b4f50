import BahariFrame

/// Bytes as `Proto` documents write them: hexadecimal, with quoted text in between, `0a 03 "Get"`.
func wire(_ notation: String) -> [UInt8] {
  var bytes: [UInt8] = []
  for (index, part) in notation.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
    if index % 2 == 1 {
      bytes += Array(part.utf8)
    } else {
      for pair in part.split(whereSeparator: \.isWhitespace) {
        guard let byte = UInt8(pair, radix: 16) else { preconditionFailure("\(pair) is no byte") }
        bytes.append(byte)
      }
    }
  }
  return bytes
}

/// The bytes that `body` writes into a new writer.
func written(capacity: Int = 64, _ body: (WireWriter) -> Void) -> [UInt8] {
  let writer = WireWriter(capacity: capacity)
  body(writer)
  return Array(writer.bytes)
}

/// A FrameEvent with its own copy of the data, so that it can be kept and compared.
enum Event: Equatable {
  case frame(FrameHeader, [UInt8])
  case oversize(FrameHeader)
  case hopeless(FrameHeader)

  init(_ event: FrameEvent) {
    switch event {
    case .frame(let header, let data): self = .frame(header, Array(data))
    case .oversize(let header): self = .oversize(header)
    case .hopeless(let header): self = .hopeless(header)
    }
  }
}

/// Reads as a connection does: bytes that the decoder leaves are passed again in front of the next read.
struct Reader {
  var decoder = FrameDecoder()
  private var kept: [UInt8] = []
  private(set) var events: [Event] = []
  /// The most bytes that were kept between two reads.
  private(set) var mostKept = 0

  mutating func read(_ bytes: some Sequence<UInt8>) {
    kept += bytes
    let used = kept.withUnsafeBytes { buffer in
      var offset = 0
      while let event = decoder.next(in: buffer, at: &offset) { events.append(Event(event)) }
      return offset
    }
    kept.removeFirst(used)
    mostKept = max(mostKept, kept.count)
  }

  static func events(_ reads: [[UInt8]]) -> [Event] {
    var reader = Reader()
    for read in reads { reader.read(read) }
    return reader.events
  }
}
