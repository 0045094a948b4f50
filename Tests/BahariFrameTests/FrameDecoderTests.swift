import BahariFrame
import TestSupport
import Testing

@Suite("Frame decoder") struct FrameDecoderTests {
  static let next = GoldenFrame.all[2]

  /// A frame of zeros that claims `length` bytes.
  private func frame(_ length: UInt32, data: Int) -> [UInt8] {
    BahariFrameTests.written { writer in
      writer.append(bigEndian: length)
      writer.append(bigEndian: 7)
      writer.append(byte: FrameType.request.rawValue)
      writer.append(byte: 0)
    } + [UInt8](repeating: 0, count: data)
  }

  /// Reads in pieces, as from a socket, with the next frame after them.
  private func read(_ bytes: [UInt8], piece: Int = 65_536) -> Reader {
    var reader = Reader()
    var rest = bytes[...]
    while !rest.isEmpty {
      reader.read(rest.prefix(piece))
      rest = rest.dropFirst(piece)
    }
    reader.read(Self.next.bytes)
    return reader
  }

  @Test("exactly the limit is allowed") func atTheLimit() {
    let limit = FrameLimits.data
    #expect(limit == 4_194_304)
    let reader = read(frame(UInt32(limit), data: limit))
    let header = FrameHeader(length: UInt32(limit), stream: 7, type: .request)
    // Compared outside of the expectation, which would print four million bytes.
    let isWhole = reader.events == [.frame(header, [UInt8](repeating: 0, count: limit)), Self.next.event]
    #expect(isWhole)
  }

  @Test(
    "a frame over the limit is reported once and skipped, and the next frame is found",
    arguments: [FrameLimits.data + 1, 5 * 1_048_576, FrameLimits.skippable], [10_007, 65_536])
  func oversize(length: Int, piece: Int) {
    let reader = read(frame(UInt32(length), data: length), piece: piece)
    let header = FrameHeader(length: UInt32(length), stream: 7, type: .request)
    #expect(reader.events == [.oversize(header), Self.next.event])
    #expect(reader.mostKept < FrameHeader.size)
  }

  @Test("an oversize frame and the next in one read") func oversizeInOneRead() {
    let length = FrameLimits.data + 1
    let events = Reader.events([frame(UInt32(length), data: length) + Self.next.bytes])
    #expect(events == [.oversize(FrameHeader(length: UInt32(length), stream: 7, type: .request)), Self.next.event])
  }

  @Test("a frame that is too long to be skipped is hopeless", arguments: [UInt32(FrameLimits.skippable + 1), .max])
  func hopeless(length: UInt32) {
    #expect(
      Reader.events([frame(length, data: 0)])
        == [.hopeless(FrameHeader(length: length, stream: 7, type: .request))])
  }

  @Test("10,000 random frames come back whole under random fragmentation")
  func roundTrip() {
    var random = Seeded(1)
    for _ in 0..<10 {
      let writer = WireWriter(capacity: 64)
      var expected: [Event] = []
      for _ in 0..<1000 {
        let count = Int.random(in: 0..<100, using: &random) == 0 ? 70_000 : 300
        let data = random.bytes(Int.random(in: 0...count, using: &random))
        let stream = UInt32.random(in: 0...UInt32.max, using: &random)
        let type = [FrameType.request, .response, .data, .cancel].randomElement(using: &random) ?? .data
        let flags = FrameFlags(rawValue: UInt8.random(in: 0...255, using: &random))
        data.withUnsafeBytes { data in
          writer.frame(stream: stream, type: type, flags: flags) { writer.append(data) }
        }
        let header = FrameHeader(length: UInt32(data.count), stream: stream, type: type, flags: flags)
        expected.append(.frame(header, data))
      }
      var reader = Reader()
      var rest = Array(writer.bytes)[...]
      while !rest.isEmpty {
        let piece = Int.random(in: 1...[3, 20, 5000].randomElement(using: &random, or: 20), using: &random)
        reader.read(rest.prefix(piece))
        rest = rest.dropFirst(piece)
      }
      let firstWrong = zip(reader.events, expected).enumerated().first { $1.0 != $1.1 }?.offset
      #expect(firstWrong == nil && reader.events.count == expected.count)
    }
  }

  @Test("10,000 random byte strings are decoded without a crash or a read past their end")
  func garbage() {
    var random = Seeded(2)
    var frames = 0
    var refused = 0
    for _ in 0..<10_000 {
      var bytes = random.bytes(Int.random(in: 0...64, using: &random))
      // Random lengths are nearly always hopeless: half of the strings begin with a plausible one.
      if bytes.count >= 4, Bool.random(using: &random) {
        bytes.replaceSubrange(0..<4, with: [0, 0, 0, UInt8.random(in: 0...64, using: &random)])
      }
      var decoder = FrameDecoder(limit: 40, skippable: 60)
      bytes.withUnsafeBytes { buffer in
        var offset = 0
        while let event = decoder.next(in: buffer, at: &offset) {
          switch event {
          case .frame(let header, let data):
            frames += 1
            #expect(data.count == Int(header.length) && data.count <= 40)
          case .oversize(let header): #expect((41...60).contains(header.length))
          case .hopeless: refused += 1
          }
          #expect(offset <= buffer.count)
        }
      }
    }
    #expect(frames > 1000 && refused > 1000)
  }
}

extension Array {
  /// A random element, or `fallback` of an empty array.
  func randomElement(using random: inout some RandomNumberGenerator, or fallback: Element) -> Element {
    randomElement(using: &random) ?? fallback
  }
}
