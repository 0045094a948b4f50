import BahariFrame
import FakeDaemon
import Foundation
import Synchronization
import Testing

@testable import BahariClient

/// Passes events from the daemon's threads to the test, which waits for them.
final class Events<Event: Sendable>: Sendable {
  private let stream: AsyncStream<Event>
  private let continuation: AsyncStream<Event>.Continuation

  init() { (stream, continuation) = AsyncStream.makeStream() }

  func send(_ event: Event) { continuation.yield(event) }

  func next() async throws -> Event {
    var iterator = stream.makeAsyncIterator()
    return try #require(await iterator.next())
  }
}

/// A counter for any thread.
final class Counter: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .sequentiallyConsistent) }

  @discardableResult
  func add() -> Int { count.add(1, ordering: .sequentiallyConsistent).newValue }
}

/// Blocks threads until it is opened.
final class Gate: Sendable {
  // A semaphore is safe from any thread.
  private let semaphore = DispatchSemaphore(value: 0)

  func pass() {
    semaphore.wait()
    semaphore.signal()
  }

  func open() { semaphore.signal() }
}

/// Polls a condition that signals no event; fails after 20 seconds.
func eventually(
  _ what: String, _ holds: () async throws -> Bool, _ location: SourceLocation = #_sourceLocation
) async throws {
  let deadline = ContinuousClock.now + .seconds(20)
  while try await !holds() {
    try #require(ContinuousClock.now < deadline, "\(what) did not come", sourceLocation: location)
    try await Task.sleep(for: .milliseconds(2))
  }
}

extension BahariClient {
  /// A call with one byte, for daemons that do not read it.
  func call(
    _ method: String = "m", _ payload: [UInt8] = [1], timeout: Duration? = nil, _ effect: CallEffect = .write
  ) async throws -> [UInt8] {
    try await unary(service: "s", method: method, payload: payload, timeout: timeout, effect: effect)
  }
}

extension Status {
  static func unavailable(retryAfter milliseconds: Int64?, outcome: String = "not_applied") -> Status {
    var status = Status(.unavailable, "the database restarts")
    status.metadata = ["outcome": outcome]
    status.retryDelayNanoseconds = milliseconds.map { $0 * 1_000_000 }
    return status
  }
}

/// Counts the calls that wait for a reply.
final class Pending: @unchecked Sendable {
  // Used only by the thread that serves the connection, until the test has ended.
  private var streams: [UInt32] = []
  private(set) var most = 0

  func add(_ stream: UInt32, until limit: Int) -> [UInt32] {
    streams.append(stream)
    most = max(most, streams.count)
    guard streams.count >= limit else { return [] }
    defer { streams = [] }
    return streams
  }
}

extension Link {
  /// Bytes of messages that wait to be taken.
  var undelivered: Int { calls.undelivered }
}
