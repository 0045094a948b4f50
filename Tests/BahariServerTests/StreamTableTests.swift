import BahariCall
import BahariFrame
import Testing

@testable import BahariServer

/// The table of the protocol: what each frame means in each table. Calls are their streams' numbers here.
@Suite("Stream table") struct StreamTableTests {
  /// A verdict, without the sentence of an error.
  enum Expected: Equatable {
    case start, ignore
    case cancel(UInt32)
    case abort(UInt32, FrameRefusal.Reason)
    case refuse(FrameRefusal.Reason)

    init(_ verdict: StreamTable<UInt32>.Verdict) {
      switch verdict {
      case .start: self = .start
      case .ignore: self = .ignore
      case .cancel(let call): self = .cancel(call)
      case .abort(let call, let refusal): self = .abort(call, refusal.reason)
      case .refuse(let refusal): self = .refuse(refusal.reason)
      }
    }
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let header: FrameHeader
    let expected: Expected

    init(
      _ name: String, stream: UInt32, type: UInt8, flags: UInt8 = 0, length: UInt32 = 0, _ expected: Expected
    ) {
      testDescription = name
      header = FrameHeader(length: length, stream: stream, rawType: type, flags: FrameFlags(rawValue: flags))
      self.expected = expected
    }
  }

  /// Streams 1 and 4,294,967,295 are open, nothing else is.
  static let cases: [Case] = [
    Case("a request on a free odd stream", stream: 3, type: 1, length: 9, .start),
    Case("as Go's stream clients flag it", stream: 3, type: 1, flags: 0x02, length: 9, .start),
    Case("as Rust's stream clients flag it", stream: 3, type: 1, flags: 0x06, length: 9, .start),
    Case("of a server stream", stream: 3, type: 1, flags: 0x01, length: 9, .start),
    Case("of no bytes", stream: 3, type: 1, .start),
    Case("with a gap in the numbers", stream: 2_000_000_001, type: 1, length: 9, .start),
    Case("a request on an even stream", stream: 2, type: 1, length: 9, .refuse(.malformed)),
    Case("on stream 0", stream: 0, type: 1, length: 9, .refuse(.malformed)),
    Case("on a stream in use", stream: 1, type: 1, length: 9, .refuse(.malformed)),
    Case("on the last stream, in use", stream: .max, type: 1, length: 9, .refuse(.malformed)),
    Case("data on an unknown stream", stream: 3, type: 3, length: 4, .refuse(.malformed)),
    Case("half close of an unknown stream", stream: 3, type: 3, flags: 0x05, .refuse(.malformed)),
    Case("data on a unary call", stream: 1, type: 3, length: 4, .abort(1, .malformed)),
    Case("an empty message on a unary call", stream: 1, type: 3, .abort(1, .malformed)),
    Case("an empty last message on a unary call", stream: 1, type: 3, flags: 0x01, .abort(1, .malformed)),
    Case("half close of a call", stream: 1, type: 3, flags: 0x05, .ignore),
    Case("half close with bytes in it", stream: 1, type: 3, flags: 0x05, length: 2, .abort(1, .malformed)),
    Case("data on an even stream", stream: 2, type: 3, length: 4, .refuse(.malformed)),
    Case("cancel of a call", stream: 1, type: 0x43, .cancel(1)),
    Case("cancel of the last stream", stream: .max, type: 0x43, .cancel(.max)),
    Case("cancel of an unknown stream", stream: 3, type: 0x43, .ignore),
    Case("cancel of an even stream", stream: 2, type: 0x43, .refuse(.malformed)),
    Case("a response from a client", stream: 1, type: 2, length: 4, .ignore),
    Case("an unknown type on an open stream", stream: 1, type: 4, length: 4, .ignore),
    Case("an unknown type on a free stream", stream: 3, type: 0xff, .ignore),
    Case("type 0", stream: 3, type: 0, .ignore),
    Case("an unknown type on an even stream", stream: 2, type: 4, .refuse(.malformed)),
  ]

  @Test("each frame means one thing", arguments: cases) func verdict(of example: Case) {
    var table = StreamTable<UInt32>(limit: 1_024)
    for stream: UInt32 in [1, .max] { table.insert(stream, stream) }
    #expect(Expected(table.verdict(on: example.header)) == example.expected)
    #expect(Set(table.streams) == [1, .max], "asking changes nothing")
  }

  @Test("a stream that has ended is free again") func reuse() {
    var table = StreamTable<UInt32>(limit: 1_024)
    let request = FrameHeader(length: 9, stream: 1, type: .request)
    table.insert(1, 1)
    table.remove(1)
    #expect(Expected(table.verdict(on: request)) == .start)
    #expect(Expected(table.verdict(on: FrameHeader(length: 0, stream: 1, type: .cancel))) == .ignore)
    #expect(
      Expected(table.verdict(on: FrameHeader(length: 1, stream: 1, type: .data))) == .refuse(.malformed))
  }

  @Test("calls beyond the limit are refused, and those in flight are left alone") func limit() {
    var table = StreamTable<UInt32>(limit: 3)
    for stream: UInt32 in [1, 3, 5] {
      #expect(Expected(table.verdict(on: FrameHeader(length: 9, stream: stream, type: .request))) == .start)
      table.insert(stream, stream)
    }
    let next = FrameHeader(length: 9, stream: 7, type: .request)
    guard case .refuse(let refusal) = table.verdict(on: next) else {
      Issue.record("the fourth call is let in")
      return
    }
    #expect(refusal.reason == .overloaded)
    #expect(refusal.message.contains("3 calls"))
    // In use wins over too many: the stream's own call is what the client has to look at.
    #expect(
      Expected(table.verdict(on: FrameHeader(length: 9, stream: 3, type: .request))) == .refuse(.malformed))
    #expect(Expected(table.verdict(on: FrameHeader(length: 0, stream: 5, type: .cancel))) == .cancel(5))
    table.remove(3)
    #expect(Expected(table.verdict(on: next)) == .start)
  }

  @Test("the end of a connection gives each call once") func closeAll() {
    var table = StreamTable<UInt32>(limit: 3)
    for stream: UInt32 in [1, 3] { table.insert(stream, stream) }
    #expect(Set(table.removeAll()) == [1, 3])
    #expect(table.isEmpty)
    #expect(table.removeAll().isEmpty)
  }

  @Test("a frame that is too long is refused with its length and the limit") func oversize() {
    let refusal = FrameRefusal.tooLarge(FrameHeader(length: 5_000_000, stream: 1, type: .request))
    #expect(refusal.reason == .frameTooLarge)
    #expect(refusal.message.contains("5000000") && refusal.message.contains("4194304"))
  }

  @Test("data that is too long ends its call; any other frame that is too long is answered")
  func oversizeVerdict() {
    var table = StreamTable<UInt32>(limit: 3)
    table.insert(1, 1)
    func verdict(_ type: FrameType, _ stream: UInt32) -> Expected {
      Expected(table.verdict(onOversize: FrameHeader(length: 5_000_000, stream: stream, type: type)))
    }
    #expect(verdict(.data, 1) == .abort(1, .frameTooLarge))
    #expect(verdict(.data, 3) == .refuse(.frameTooLarge))
    #expect(verdict(.request, 1) == .refuse(.frameTooLarge))
    #expect(verdict(.request, 3) == .refuse(.frameTooLarge))
  }
}
