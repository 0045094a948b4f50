import BahariFrame
import Testing

/// A frame as the protocol's document has it, and the code that writes it.
struct GoldenFrame: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let notation: String
  let header: FrameHeader
  let write: @Sendable (WireWriter) -> Void

  var bytes: [UInt8] { wire(notation) }
  var event: Event { .frame(header, Array(bytes.dropFirst(FrameHeader.size))) }

  static let payload = wire("08 05")

  static let all: [GoldenFrame] = [
    GoldenFrame(
      testDescription: "unary request",
      notation: #"00 00 00 13  00 00 00 01  01 00  0a 08 "t.v1.Svc"  12 03 "Get"  1a 02 08 05"#,
      header: FrameHeader(length: 19, stream: 1, type: .request)
    ) { writer in
      payload.withUnsafeBytes { writer.request(stream: 1, service: "t.v1.Svc", method: "Get", payload: $0) }
    },
    GoldenFrame(
      testDescription: "request of a server stream, with a deadline of 300 ns",
      notation: #"00 00 00 12  00 00 00 03  01 01  0a 08 "t.v1.Svc"  12 03 "All"  20 ac 02"#,
      header: FrameHeader(length: 18, stream: 3, type: .request, flags: .remoteClosed)
    ) { writer in
      writer.request(
        stream: 3, service: "t.v1.Svc", method: "All", payload: UnsafeRawBufferPointer(start: nil, count: 0),
        timeoutNanoseconds: 300, flags: .remoteClosed)
    },
    GoldenFrame(
      testDescription: "response",
      notation: "00 00 00 04  00 00 00 01  02 00  12 02 08 05",
      header: FrameHeader(length: 4, stream: 1, type: .response)
    ) { writer in payload.withUnsafeBytes { writer.response(stream: 1, payload: $0) } },
    GoldenFrame(
      testDescription: "empty response",
      notation: "00 00 00 00  00 00 00 01  02 00",
      header: FrameHeader(length: 0, stream: 1, type: .response)
    ) { $0.response(stream: 1, payload: UnsafeRawBufferPointer(start: nil, count: 0)) },
    GoldenFrame(
      testDescription: "response with a status",
      notation: #"00 00 00 0a  00 00 00 05  02 00  0a 08  08 05  12 04 "gone""#,
      header: FrameHeader(length: 10, stream: 5, type: .response)
    ) { $0.response(stream: 5, status: Status(.notFound, "gone")) },
    GoldenFrame(
      testDescription: "message of a stream",
      notation: "00 00 00 02  00 00 00 03  03 00  08 05",
      header: FrameHeader(length: 2, stream: 3, type: .data)
    ) { writer in payload.withUnsafeBytes { writer.data(stream: 3, payload: $0) } },
    GoldenFrame(
      testDescription: "empty message of a stream",
      notation: "00 00 00 00  00 00 00 03  03 00",
      header: FrameHeader(length: 0, stream: 3, type: .data)
    ) { $0.data(stream: 3, payload: UnsafeRawBufferPointer(start: nil, count: 0)) },
    GoldenFrame(
      testDescription: "end of a stream, and half close",
      notation: "00 00 00 00  00 00 00 03  03 05",
      header: FrameHeader(length: 0, stream: 3, type: .data, flags: [.remoteClosed, .noData])
    ) { $0.endOfStream(3) },
    GoldenFrame(
      testDescription: "cancel",
      notation: "00 00 00 00  ff ff ff ff  43 00",
      header: FrameHeader(length: 0, stream: .max, type: .cancel)
    ) { $0.frame(stream: .max, type: .cancel) {} },
  ]
}

@Suite("Golden frames") struct GoldenFrameTests {
  @Test("is written byte for byte", arguments: GoldenFrame.all)
  func writes(_ golden: GoldenFrame) {
    #expect(written(golden.write) == golden.bytes)
  }

  @Test("is read in one piece", arguments: GoldenFrame.all)
  func readWhole(_ golden: GoldenFrame) {
    #expect(Reader.events([golden.bytes]) == [golden.event])
  }

  @Test("is read one byte at a time, and not before its last byte", arguments: GoldenFrame.all)
  func readByteByByte(_ golden: GoldenFrame) {
    var reader = Reader()
    for byte in golden.bytes.dropLast() { reader.read([byte]) }
    #expect(reader.events.isEmpty)
    reader.read(golden.bytes.suffix(1))
    #expect(reader.events == [golden.event])
  }

  @Test("is read with any other in the same read", arguments: GoldenFrame.all, GoldenFrame.all)
  func readTwo(_ first: GoldenFrame, _ second: GoldenFrame) {
    #expect(Reader.events([first.bytes + second.bytes]) == [first.event, second.event])
  }

  @Test("a header that comes as 4, 4, 1 and 1 bytes")
  func headerInFour() {
    let bytes = GoldenFrame.all[0].bytes
    let reads = [bytes[0..<4], bytes[4..<8], bytes[8..<9], bytes[9..<10], bytes[10...]].map { Array($0) }
    #expect(Reader.events(reads) == [GoldenFrame.all[0].event])
  }

  @Test("an unknown type is decoded and is not malformed, on any stream id")
  func unknownType() {
    let events = Reader.events([wire("00 00 00 01  00 00 00 02  04 ff  aa")])
    let header = FrameHeader(length: 1, stream: 2, rawType: 4, flags: FrameFlags(rawValue: 0xff))
    #expect(events == [.frame(header, [0xaa])])
    #expect(header.type == nil)
    #expect(!header.isClientStream)
    #expect(FrameHeader(length: 0, stream: 3, type: .data).isClientStream)
  }

  @Test("frames follow each other in one writer, and sent bytes are dropped")
  func consumed() {
    let writer = WireWriter(capacity: 64)
    for golden in GoldenFrame.all { golden.write(writer) }
    let all = GoldenFrame.all.flatMap(\.bytes)
    #expect(Array(writer.bytes) == all)
    writer.consume(15)
    #expect(Array(writer.bytes) == Array(all.dropFirst(15)))
    writer.truncate(to: 4)
    #expect(Array(writer.bytes) == Array(all[15..<19]))
    writer.removeAll()
    writer.shrink(to: 64)
    #expect(writer.count == 0 && writer.footprint == 64)
  }
}
