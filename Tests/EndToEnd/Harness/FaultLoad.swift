import BahariClient
import Synchronization

/// The outcomes of a load's calls.
struct FaultLog: Sendable {
  var calls = 0
  /// Creates by their end: each id is used once.
  var ok: Set<Int64> = []
  var notApplied: Set<Int64> = []
  var unknown: Set<Int64> = []
  /// Refused as taken, although only the create itself can have made the row.
  var taken: [Int64] = []
  /// Calls whose answers the client had not read when it stopped waiting.
  var unread = 0
  /// Answers that no failure of PostgreSQL explains.
  var wrong: [String] = []

  /// Creates a row; true when the daemon confirms it.
  @discardableResult
  mutating func create(_ id: Int64, _ client: BahariClient) async -> Bool {
    calls += 1
    do {
      let reply = try await client.desa.create(Rows.desa(id))
      if reply.data?.id != id { wrong.append("created \(id) and got \(String(describing: reply.data))") }
      ok.insert(id)
      return true
    } catch let error as BahariError {
      if error.code == .alreadyExists { taken.append(id) } else { note(error) }
      if error.outcome == .unknown { unknown.insert(id) } else { notApplied.insert(id) }
    } catch {
      wrong.append("\(error)")
    }
    return false
  }

  /// Gets a row that is there; true when it came.
  @discardableResult
  mutating func get(_ id: Int64, _ client: BahariClient) async -> Bool {
    calls += 1
    do {
      let row = try await client.desa.get(id)
      if row.id != id || row.name != Rows.desa(id).name { wrong.append("got for \(id): \(row)") }
      return true
    } catch let error as BahariError {
      note(error)
    } catch {
      wrong.append("\(error)")
    }
    return false
  }

  private mutating func note(_ error: BahariError) {
    // The daemon's errors have a code of seven digits, the client's own have none.
    if error.responseCode == nil {
      unread += 1
    } else if ![.unavailable, .deadlineExceeded, .resourceExhausted].contains(error.code) {
      wrong.append("\(error)")
    }
  }

  mutating func add(_ other: FaultLog) {
    calls += other.calls
    ok.formUnion(other.ok)
    notApplied.formUnion(other.notApplied)
    unknown.formUnion(other.unknown)
    taken += other.taken
    unread += other.unread
    wrong += other.wrong
  }

  var summary: String {
    "\(calls) calls; creates: \(ok.count) ok, \(notApplied.count) not applied, \(unknown.count) unknown; "
      + "\(unread) answers not read in time"
  }
}

/// Eight clients that create rows and get them, until `end`.
final class FaultLoad: Sendable {
  private let isToEnd: Flag
  private let creates: Counter
  /// The moments at which its calls succeeded.
  let goodCalls: GoodCalls
  private let tasks: [Task<FaultLog, Never>]

  init(_ daemon: Daemon) {
    let (isToEnd, creates, goodCalls) = (Flag(), Counter(), GoodCalls())
    (self.isToEnd, self.creates, self.goodCalls) = (isToEnd, creates, goodCalls)
    tasks = (1...8).map { number in
      let client = BahariClient(socketPath: daemon.socket, timeout: .seconds(5), attempts: 1)
      return Task {
        var log = FaultLog()
        var id = Int64(number) * 100_000_000
        var known: Int64?
        while !isToEnd.isUp {
          id += 1
          if await log.create(id, client) {
            known = id
            creates.add()
            goodCalls.add(.write)
          }
          if let known, await log.get(known, client) { goodCalls.add(.read) }
          // A load, not a flood: recovery, too, wants some of the processors.
          try? await Task.sleep(for: .milliseconds(2))
        }
        await client.close()
        return log
      }
    }
  }

  /// Creates that have succeeded so far.
  var progress: Int { creates.value }

  /// Ends the calls and gives their log.
  func end() async -> FaultLog {
    isToEnd.raise()
    var log = FaultLog()
    for task in tasks { log.add(await task.value) }
    return log
  }
}

final class Counter: Sendable {
  private let count = Atomic<Int>(0)

  var value: Int { count.load(ordering: .relaxed) }

  func add() { count.add(1, ordering: .relaxed) }
}
