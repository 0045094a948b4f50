import BahariClient
import BahariFrame

/// Compares the answers to a plan's writes with the tables, and repetitions with first answers.
struct OutcomeJudge {
  let load: OutcomeLoad
  private(set) var violations: [String] = []
  /// Repetitions that report that nothing is there of a write which another attempt has made: true of the attempt, and
  /// not of the write. Counted by their reason.
  private(set) var attemptsOnly: [String: Int] = [:]
  private(set) var outcomes: [String: Int] = [:]
  private(set) var failures: [String: Int] = [:]

  init(_ load: OutcomeLoad) { self.load = load }

  private mutating func report(_ what: String, _ write: OutcomeWrite, _ answers: [OutcomeAnswer], _ state: OutcomeState)
  {
    violations.append(
      """
      \(what): seed \(load.plan.seed), write \(write.index), \(load.schema.method(of: write)), \
      \(load.schema.tables[write.table].name), \(write.summary); answers: \
      \(answers.map { "[\($0)]" }.joined(separator: " ")); the table has: \(state)
      """)
  }

  // MARK: Before the repetitions

  mutating func compare(_ tables: OutcomeTables) {
    for (write, answers) in zip(load.plan.writes, load.ledger.answers) {
      let state = tables.state(of: write)
      for answer in answers { count(answer, write) }
      if let fault = fault(write, answers, state) { report(fault, write, answers, state) }
      guard state == .everything, answers.contains(where: { $0.outcome != "not_applied" }) else { continue }
      for case .failure(let failure) in answers where failure.outcome == "not_applied" {
        attemptsOnly[failure.reason, default: 0] += 1
      }
    }
  }

  private mutating func count(_ answer: OutcomeAnswer, _ write: OutcomeWrite) {
    outcomes[answer.isReply ? "success" : answer.outcome, default: 0] += 1
    guard case .failure(let failure) = answer else { return }
    failures["\(failure.code.name) \(failure.reason) \(failure.outcome)", default: 0] += 1
  }

  private func fault(_ write: OutcomeWrite, _ answers: [OutcomeAnswer], _ state: OutcomeState) -> String? {
    if case .wrong = state { return "a wrong effect" }
    if answers.count != write.haste.count { return "\(answers.count) answers" }
    let outcomes = Set(answers.map(\.outcome))
    let unheard = outcomes.subtracting(["applied", "not_applied", "unknown", OutcomeFailure.none])
    if !unheard.isEmpty { return "an outcome that is none" }
    if write.marks.isEmpty, write.method != .delete || write.isDryRun { return faultOfNothing(write, answers) }
    if outcomes.contains("applied"), state == .nothing { return "applied and not there" }
    if outcomes == ["not_applied"], state == .everything { return "not_applied and there" }
    return faultOfReplies(write, answers)
  }

  /// Of writes that have no effect: dry runs, and what is refused.
  private func faultOfNothing(_ write: OutcomeWrite, _ answers: [OutcomeAnswer]) -> String? {
    for answer in answers {
      if case .failure(let failure) = answer, failure.outcome == "applied" { return "applied without any effect" }
      if write.isRefused, answer.isReply { return "accepted" }
    }
    return nil
  }

  /// Of all answers to one request: every reply is the same, and beside it are only failures that are not the request's.
  private func faultOfReplies(_ write: OutcomeWrite, _ answers: [OutcomeAnswer]) -> String? {
    let replies = Set(answers.filter(\.isReply))
    if replies.count > 1 { return "two replies to one request" }
    for case .failure(let failure) in answers where failure.outcome == "not_applied" && !failure.isTransient {
      if !write.mayBeRefused || !replies.isEmpty { return "a good request refused" }
    }
    guard case .reply(let reply)? = replies.first else { return nil }
    return fault(of: reply, write)
  }

  private func fault(of reply: OutcomeReply, _ write: OutcomeWrite) -> String? {
    if write.method == .batch {
      guard reply.count == reply.start.count else { return nil }
      guard let batch = try? Bahari_V1_BatchReply(serializedBytes: reply.start) else { return "no BatchReply" }
      let written = batch.created + batch.updated
      guard written == write.marks.count, batch.failed == write.faults.count else {
        return "\(batch.created) created, \(batch.updated) updated, \(batch.failed) failed"
      }
    } else if write.method != .delete, !write.isHeavy {
      let text = String(decoding: reply.start, as: UTF8.self)
      if !text.contains(write.mark(0)) { return "a reply without the row" }
    }
    return nil
  }

  // MARK: Repetitions

  /// - Parameter second: The answers to the repetitions, one for each write with a request id.
  mutating func compare(_ second: [[OutcomeAnswer]], _ before: OutcomeTables, _ after: OutcomeTables) {
    for (write, answers) in zip(load.plan.writes, load.ledger.answers) {
      let repetitions = second[write.index]
      let state = after.state(of: write)
      let all = answers + repetitions
      if write.isRepeated, repetitions.isEmpty {
        report("no answer to the repetition", write, all, state)
      } else if !write.isRepeated, state != before.state(of: write) {
        report("an effect after the quiet", write, all, state)
      } else if write.isRepeated, let fault = faultOfRepetition(write, answers, repetitions, state) {
        report(fault, write, all, state)
      }
    }
  }

  private func faultOfRepetition(
    _ write: OutcomeWrite, _ first: [OutcomeAnswer], _ second: [OutcomeAnswer], _ state: OutcomeState
  ) -> String? {
    if case .wrong = state { return "a wrong effect after the repetition" }
    guard let last = second.last else { return nil }
    if write.isRefused { return last.isReply ? "accepted when it was repeated" : nil }
    if write.mayBeRefused, state == .nothing, last.outcome == "not_applied" { return nil }
    if state != .everything { return "not there after the repetition" }
    if let reply = first.first(where: \.isReply) {
      return last == reply ? nil : "another answer to the repetition"
    }
    if last.outcome != "applied" { return "no success for the repetition" }
    guard case .reply(let reply) = last else { return nil }
    return fault(of: reply, write)
  }
}

extension OutcomeWrite {
  /// Whether it is sent again in the end. A dry run may be repeated at any time, and has nothing to repeat.
  var isRepeated: Bool { requestID != nil && !isDryRun }

  var summary: String {
    var words = ["\(numbers.count) rows", requestID == nil ? "no request id" : "request id"]
    if method == .batch { words.append("\(rows), \(skips ? "SKIP" : "ABORT"), \(faults.count) faulty") }
    if isDryRun { words.append("dry run") }
    if fill > 0 { words.append("filled to \(fill)") }
    return (words + haste.map { "\($0)" }).joined(separator: ", ")
  }
}
