import BahariCall
import BahariFrame
import BahariShard
import TestSupport

/// Serves calls without a database. The service's name does not matter; the methods are:
///
/// - `Echo`: replies with the payload at once.
/// - `Hold`: ends when the test calls `EchoServer.release`, with the payload.
/// - `Large`: replies at once with a number of bytes, which the payload gives in decimal digits.
/// - `Stream`: sends a number of messages of 10,000 bytes, which the payload gives, and waits while its connection
///   takes no more.
final class EchoHandler: CallHandler, SendableMetatype {
  /// What happened to a call, or to the handler.
  enum Event: Sendable, Equatable {
    case held(UInt32)
    /// A stream waits after so many messages.
    case waiting(UInt32, messages: Int)
    case cancelled(UInt32, isGone: Bool)
    case aborted(UInt32, FrameRefusal.Reason)
    case draining
    case closed
  }

  let events: Inbox<Event>
  var held: [UInt32: EchoCall] = [:]
  private(set) var isDraining = false

  init(_ events: Inbox<Event>) { self.events = events }

  func makeCall(stream: UInt32, peer: Peer, sink: any CallSink) -> any ServedCall { EchoCall(stream, sink, self) }

  /// A code for each reason, so that tests can distinguish them on the wire.
  func status(of refusal: FrameRefusal) -> Status {
    switch refusal.reason {
    case .malformed: Status(.invalidArgument, refusal.message)
    case .overloaded: Status(.unavailable, refusal.message)
    case .frameTooLarge: Status(.resourceExhausted, refusal.message)
    }
  }

  func drain(on shard: isolated Shard) {
    isDraining = true
    events.put(.draining)
  }

  func close(on shard: isolated Shard) { events.put(.closed) }
}

final class EchoCall: ServedCall {
  private let stream: UInt32
  private let handler: EchoHandler
  /// Nil once the call has ended.
  private var sink: (any CallSink)?
  private var payload: [UInt8] = []

  init(_ stream: UInt32, _ sink: any CallSink, _ handler: EchoHandler) {
    self.stream = stream
    self.sink = sink
    self.handler = handler
  }

  func start(_ request: RequestEnvelope, on shard: isolated Shard) {
    payload = Array(request.payload)
    let number = Int(String(decoding: payload, as: UTF8.self)) ?? 0
    if handler.isDraining { return fail(Status(.unavailable, "draining"), on: shard) }
    switch String(decoding: request.method, as: UTF8.self) {
    case "Echo": reply(payload, on: shard)
    case "Large": reply([UInt8](repeating: 0x2a, count: number), on: shard)
    case "Stream": send(number, of: number, on: shard)
    case "Hold":
      handler.held[stream] = self
      handler.events.put(.held(stream))
    default: fail(Status(.unimplemented, "no such method"), on: shard)
    }
  }

  func cancel(isGone: Bool, on shard: isolated Shard) {
    guard sink != nil else { return }
    handler.events.put(.cancelled(stream, isGone: isGone))
    if isGone { sink = nil } else { fail(Status(.cancelled, "cancelled"), on: shard) }
  }

  func abort(_ refusal: FrameRefusal, on shard: isolated Shard) {
    handler.events.put(.aborted(stream, refusal.reason))
    fail(handler.status(of: refusal), on: shard)
  }

  func release(on shard: isolated Shard) { reply(payload, on: shard) }

  private func reply(_ bytes: [UInt8], on shard: isolated Shard) {
    bytes.withUnsafeBytes { sink?.reply($0, to: stream, on: shard) }
    sink = nil
  }

  private func fail(_ status: Status, on shard: isolated Shard) {
    sink?.fail(status, stream, on: shard)
    sink = nil
  }

  private func send(_ rest: Int, of count: Int, on shard: isolated Shard) {
    guard let sink else { return }
    let message = [UInt8](repeating: 0x2a, count: 10_000)
    for sent in count - rest..<count {
      message.withUnsafeBytes { sink.part($0, of: stream, on: shard) }
      guard !sink.takesMore else { continue }
      handler.events.put(.waiting(stream, messages: sent + 1))
      return sink.whenItTakesMore { self.send(count - sent - 1, of: count, on: shard) }
    }
    sink.end(of: stream, on: shard)
    self.sink = nil
  }
}
