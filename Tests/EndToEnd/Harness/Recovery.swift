import Synchronization
import TestSupport

/// The kinds of call whose recovery is measured separately.
enum CallKind: String, CaseIterable, Sendable {
  case read, write
}

/// When a fault took effect, and the moment from which the time to recovery counts.
struct Harm: Sendable {
  /// Calls that succeeded before this do not count: the fault had no effect yet.
  let effect: ContinuousClock.Instant
  let begin: ContinuousClock.Instant
  /// When PostgreSQL took connections again, where that is later.
  let server: ContinuousClock.Instant?

  init(
    effect: ContinuousClock.Instant, begin: ContinuousClock.Instant? = nil, server: ContinuousClock.Instant? = nil
  ) {
    self.effect = effect
    self.begin = begin ?? effect
    self.server = server
  }
}

/// The moments at which calls succeeded since the last `clear`.
final class GoodCalls: Sendable {
  private let moments = Mutex<[CallKind: [ContinuousClock.Instant]]>([:])

  func add(_ kind: CallKind) { moments.withLock { $0[kind, default: []].append(.now) } }

  func clear() { moments.withLock { $0.removeAll() } }

  func first(_ kind: CallKind, since moment: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    moments.withLock { $0[kind]?.first { $0 >= moment } }
  }
}

/// How long calls took to succeed again, round by round. Printed and never asserted.
struct Recovery {
  /// The fault, and the moment from which the time counts.
  let name: String
  private var times: [CallKind: [Duration]] = [:]
  /// PostgreSQL's share of each time.
  private var serverTimes: [Duration] = []

  init(_ name: String) { self.name = name }

  mutating func add(_ kind: CallKind, _ time: Duration) { times[kind, default: []].append(time) }

  /// Waits until `calls` of each kind have succeeded after `harm`.
  mutating func add(_ harm: Harm, _ calls: GoodCalls) async throws {
    if let server = harm.server { serverTimes.append(server - harm.begin) }
    for kind in CallKind.allCases {
      try await eventually("a \(kind) that goes well after the \(name)") {
        guard let back = calls.first(kind, since: harm.effect) else { return false }
        add(kind, back - harm.begin)
        return true
      }
    }
  }

  /// Repeats a read and a write at the same time until each succeeds.
  mutating func add(
    since begin: ContinuousClock.Instant, read: @Sendable () async throws -> Void,
    write: @Sendable () async throws -> Void
  ) async throws {
    async let reads = Recovery.firstSuccess(read)
    async let writes = Recovery.firstSuccess(write)
    add(.read, try await reads - begin)
    add(.write, try await writes - begin)
  }

  private static func firstSuccess(_ call: @Sendable () async throws -> Void) async throws -> ContinuousClock.Instant {
    var moment = ContinuousClock.now
    try await eventually("a call that goes well") {
      guard (try? await call()) != nil else { return false }
      moment = .now
      return true
    }
    return moment
  }

  /// The result as a line that begins with `recovery`, by which it is found in a test's output.
  var line: String {
    let kinds = CallKind.allCases.map { Recovery.text("\($0)", times[$0] ?? []) }
    let server = serverTimes.isEmpty ? [] : [Recovery.text("PostgreSQL's own part of it", serverTimes)]
    let count = times.values.map(\.count).max() ?? 0
    return "recovery, \(name), \(count) times: \((kinds + server).joined(separator: "; "))"
  }

  private static func text(_ name: String, _ times: [Duration]) -> String {
    let sorted = times.map { Int($0 / .milliseconds(1)) }.sorted()
    guard let worst = sorted.last else { return "no \(name)" }
    return "\(name) median \(sorted[sorted.count / 2]) ms, worst \(worst) ms"
  }
}
