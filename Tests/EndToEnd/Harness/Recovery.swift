import Synchronization
import TestSupport

/// What comes back after harm, each by itself.
enum CallKind: String, CaseIterable, Sendable {
  case read, write
}

/// When a harm took hold, and from when on the time until calls go well again counts.
struct Harm: Sendable {
  /// Calls that went well before this do not count: the harm was not there yet.
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

/// When calls went well, since it was last cleared.
final class GoodCalls: Sendable {
  private let moments = Mutex<[CallKind: [ContinuousClock.Instant]]>([:])

  func add(_ kind: CallKind) { moments.withLock { $0[kind, default: []].append(.now) } }

  func clear() { moments.withLock { $0.removeAll() } }

  func first(_ kind: CallKind, since moment: ContinuousClock.Instant) -> ContinuousClock.Instant? {
    moments.withLock { $0[kind]?.first { $0 >= moment } }
  }
}

/// How long calls took to go well again, round by round. Printed and never asserted.
struct Recovery {
  /// The harm, and from when on it counts.
  let name: String
  private var times: [CallKind: [Duration]] = [:]
  /// PostgreSQL's part of them.
  private var serverTimes: [Duration] = []

  init(_ name: String) { self.name = name }

  mutating func add(_ kind: CallKind, _ time: Duration) { times[kind, default: []].append(time) }

  /// Waits until `calls` of each kind have gone well after `harm`.
  mutating func add(_ harm: Harm, _ calls: GoodCalls) async throws {
    if let server = harm.server { serverTimes.append(server - harm.begin) }
    for kind in CallKind.allCases {
      try await eventually("a \(kind) that goes well after the \(name)", within: 60) {
        guard let back = calls.first(kind, since: harm.effect) else { return false }
        add(kind, back - harm.begin)
        return true
      }
    }
  }

  /// Asks for a read and a write at the same time, each again and again until it goes well.
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
    try await eventually("a call that goes well", within: 60) {
      guard (try? await call()) != nil else { return false }
      moment = .now
      return true
    }
    return moment
  }

  /// To be looked for in a test's output by its first word.
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
