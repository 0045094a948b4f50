import BahariFrame
import Synchronization

/// A call's answer, as the daemon gave it.
enum OutcomeAnswer: Sendable, Hashable {
  case reply(OutcomeReply)
  case failure(OutcomeFailure)
  /// The caller closed its connection before the answer came.
  case gone

  init(_ frame: Received) throws {
    if let status = try frame.status {
      self = .failure(
        OutcomeFailure(
          code: status.code, reason: status.reason, outcome: status.metadata["outcome"] ?? OutcomeFailure.none,
          message: status.message))
    } else {
      let payload = try frame.data.withUnsafeBytes { Array(try ResponseEnvelope($0).payload) }
      self = .reply(OutcomeReply(payload))
    }
  }

  var isReply: Bool { if case .reply = self { true } else { false } }

  /// The outcome that the answer states; `applied` for a reply.
  var outcome: String {
    switch self {
    case .reply: "applied"
    case .failure(let failure): failure.outcome
    case .gone: "unknown"
    }
  }
}

struct OutcomeFailure: Sendable, Hashable {
  let code: StatusCode
  let reason: String
  let outcome: String
  let message: String

  /// The outcome of an error that states none, as those of refused frames: a connection does not know whether the
  /// frame was a write. Clients take it as unknown, and so does the judge.
  static let none = "unknown (not stated)"

  /// Whether the state of the daemon or of the call is the cause, and not the request.
  var isTransient: Bool {
    [.unavailable, .cancelled, .deadlineExceeded].contains(code)
      || ["CONFLICT", "OVERLOADED", "DATABASE_FULL"].contains(reason)
  }
}

/// A reply's bytes: all of a short one, and of a long one enough to compare it.
struct OutcomeReply: Sendable, Hashable {
  let count: Int
  let hash: Int
  let start: [UInt8]

  init(_ payload: [UInt8]) {
    (count, hash, start) = (payload.count, payload.hashValue, Array(payload.prefix(8_192)))
  }
}

extension OutcomeAnswer: CustomStringConvertible {
  var description: String {
    switch self {
    case .reply(let reply): "success, \(reply.count) bytes, hash \(reply.hash)"
    case .failure(let failure):
      "\(failure.code.name) \(failure.reason), outcome \(failure.outcome): \(failure.message.prefix(120))"
    case .gone: "no answer, the caller left"
    }
  }
}

/// What was answered to each write, in the order of the answers.
final class OutcomeLedger: Sendable {
  private let entries: Mutex<[[OutcomeAnswer]]>

  init(_ writes: Int) { entries = Mutex(Array(repeating: [], count: writes)) }

  func add(_ answer: OutcomeAnswer, to write: Int) { entries.withLock { $0[write].append(answer) } }

  var answers: [[OutcomeAnswer]] { entries.withLock(\.self) }
}

/// One attempt at a write.
struct OutcomeShot: Sendable {
  let write: Int
  let haste: Haste
}

/// Attempts in the order in which connections take them.
final class OutcomeShots: Sendable {
  private let shots: [OutcomeShot]
  private let taken = Atomic<Int>(0)

  init(_ shots: [OutcomeShot]) { self.shots = shots }

  func next() -> OutcomeShot? {
    let place = taken.add(1, ordering: .relaxed).oldValue
    return place < shots.count ? shots[place] : nil
  }

  /// The share of them that was taken.
  var progress: Double { shots.isEmpty ? 1 : Double(taken.load(ordering: .relaxed)) / Double(shots.count) }
}

/// How long the calls of each method usually take, in milliseconds.
final class OutcomePace: Sendable {
  private let times = Mutex<[String: Double]>([:])

  func add(_ time: Duration, _ key: String) {
    let time = time / .milliseconds(1)
    times.withLock { $0[key] = ($0[key] ?? time) * 0.9 + time * 0.1 }
  }

  func of(_ key: String) -> Double { times.withLock { $0[key] } ?? 5 }
}
