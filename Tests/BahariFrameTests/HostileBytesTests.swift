import BahariFrame
import TestSupport
import Testing

/// Bytes from a broken or hostile peer are decoded or refused, and never read past their end.
@Suite("Hostile bytes") struct HostileBytesTests {
  /// The three parsers of messages; true when the bytes were read, false when refused.
  static let parsers: [(name: String, reads: @Sendable (UnsafeRawBufferPointer) -> Bool)] = [
    ("RequestEnvelope", { (try? RequestEnvelope($0)) != nil }),
    ("ResponseEnvelope", { (try? ResponseEnvelope($0)) != nil }),
    ("Status", { (try? Status($0)) != nil }),
  ]

  /// One valid message for each parser, in their order.
  static let samples: [[UInt8]] = [
    Array(
      written { writer in
        EnvelopeTests.payload.withUnsafeBytes {
          writer.request(
            stream: 1, service: "bahari.v1.DesaService", method: "Get", payload: $0, timeoutNanoseconds: -7)
        }
      }.dropFirst(FrameHeader.size)),
    Array(written { $0.response(stream: 1, status: .everything) }.dropFirst(FrameHeader.size)),
    written { Status.everything.encode(into: $0) },
  ]

  /// Runs on a copy of exactly these bytes, so that a read past their end is a read past an allocation.
  private func reads(_ parser: Int, _ bytes: some Collection<UInt8>) -> Bool {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    return Self.parsers[parser].reads(UnsafeRawBufferPointer(copy))
  }

  /// The offsets at which a message may be cut: its start, and the end of each top-level field.
  private func boundaries(_ bytes: [UInt8]) throws -> Set<Int> {
    try bytes.withUnsafeBytes { buffer in
      var reader = WireReader(buffer)
      var ends: Set<Int> = [0]
      while try reader.next() != nil { ends.insert(reader.offset) }
      return ends
    }
  }

  @Test("a message cut at any byte is decoded only if the cut is between two fields", arguments: 0..<3)
  func truncated(parser: Int) throws {
    let bytes = Self.samples[parser]
    let boundaries = try boundaries(bytes)
    for length in 0...bytes.count {
      #expect(reads(parser, bytes.prefix(length)) == boundaries.contains(length), "cut at \(length)")
    }
  }

  @Test("a frame cut at any byte is no frame yet", arguments: GoldenFrame.all)
  func truncatedFrame(golden: GoldenFrame) {
    for length in 0..<golden.bytes.count {
      #expect(Reader.events([Array(golden.bytes.prefix(length))]).isEmpty)
    }
  }

  @Test("10,000 random byte strings", arguments: 0..<3) func random(parser: Int) {
    var random = Seeded(UInt64(10 + parser))
    var read = 0
    for _ in 0..<10_000 where reads(parser, random.bytes(Int.random(in: 0...64, using: &random))) { read += 1 }
    // The empty string is a message; most random strings are not.
    #expect(read > 0 && read < 5_000)
  }

  @Test("10,000 messages with bytes changed, cut out and put in", arguments: 0..<3) func mutated(parser: Int) {
    var random = Seeded(UInt64(20 + parser))
    var read = 0
    for _ in 0..<10_000 {
      var bytes = Self.samples[parser]
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        default: bytes.remove(at: place)
        }
      }
      if reads(parser, bytes) { read += 1 }
    }
    #expect(read > 100 && read < 9_900)
  }
}
