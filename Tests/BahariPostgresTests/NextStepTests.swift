import Testing

@testable import BahariPostgres

/// The table at `NextStep.after`, row by row, and the ends of attempts that it is about.
@Suite("Retries") struct NextStepTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let end: String
    let isRead: Bool
    var mayMove = false
    /// The step after the first, second, third and fourth attempt.
    let steps: [NextStep]

    var testDescription: String { "\(end), \(isRead ? "read" : "write")\(mayMove ? ", may move" : "")" }

    var jobEnd: JobEnd {
      switch end {
      case "rows": .rows([])
      case "aborted": .aborted
      case "lost": .lost
      default: .refused(end)
      }
    }
  }

  private static let never = [NextStep](repeating: .finish, count: 4)
  private static let twice: [NextStep] = [.retry, .retry, .finish, .finish]
  private static let again = [NextStep](repeating: .retry, count: 4)
  private static let alone = [NextStep](repeating: .retryAlone, count: 4)
  private static let moves = [NextStep](repeating: .move, count: 4)

  static let rows: [Row] =
    [true, false].flatMap { isRead in
      [
        Row(end: "rows", isRead: isRead, steps: never),
        Row(end: "rows", isRead: isRead, mayMove: true, steps: never),
        Row(end: "aborted", isRead: isRead, steps: alone),
        Row(end: "aborted", isRead: isRead, mayMove: true, steps: alone),
        // A lock, or a statement's time; only where there is a pool to move to.
        Row(end: "55P03", isRead: isRead, steps: never),
        Row(end: "55P03", isRead: isRead, mayMove: true, steps: moves),
        Row(end: "57014", isRead: isRead, steps: never),
        Row(end: "57014", isRead: isRead, mayMove: true, steps: moves),
        // A plan that is gone or stale.
        Row(end: "26000", isRead: isRead, steps: twice),
        Row(end: "42P05", isRead: isRead, steps: twice),
        Row(end: "0A000", isRead: isRead, mayMove: true, steps: twice),
        // A serialization failure, a deadlock.
        Row(end: "40001", isRead: isRead, steps: again),
        Row(end: "40P01", isRead: isRead, mayMove: true, steps: again),
        // PostgreSQL ended the connection, or it was lost: reads only.
        Row(end: "57P01", isRead: isRead, steps: isRead ? twice : never),
        Row(end: "25006", isRead: isRead, mayMove: true, steps: isRead ? twice : never),
        Row(end: "08006", isRead: isRead, steps: isRead ? twice : never),
        Row(end: "lost", isRead: isRead, steps: isRead ? twice : never),
        Row(end: "lost", isRead: isRead, mayMove: true, steps: isRead ? twice : never),
        // Any other refusal.
        Row(end: "23505", isRead: isRead, steps: never),
        Row(end: "42P01", isRead: isRead, mayMove: true, steps: never),
      ]
    }

  @Test("the table", arguments: rows) func table(row: Row) {
    let steps = (1...4).map {
      NextStep.after(row.jobEnd, isRead: row.isRead, attempts: $0, mayMove: row.mayMove)
    }
    #expect(steps == row.steps)
  }

  @Test("a job counts its attempts, and a move is none") func attempts() {
    let job = Job.read("a")
    #expect(job.attemptEnded(.refused("26000"), mayMove: true) == .retry)
    #expect(job.attemptEnded(.refused("55P03"), mayMove: true) == .move)
    #expect(job.attemptEnded(.refused("26000"), mayMove: false) == .retry)
    #expect(job.attemptEnded(.refused("26000"), mayMove: false) == .finish)
  }

  @Test("a job that loses against others each time is sent 20 times") func losing() {
    let job = Job.write("a")
    for _ in 1..<20 { #expect(job.attemptEnded(.refused("40P01"), mayMove: false) == .retry) }
    #expect(job.attemptEnded(.refused("40P01"), mayMove: false) == .finish)
    #expect(job.attemptEnded(.aborted, mayMove: false) == .finish)
  }

  @Test("a job that nobody waits for moves nowhere") func abandoned() {
    let job = Job.read("a")
    job.abandon()
    #expect(job.attemptEnded(.refused("55P03"), mayMove: true) == .finish)
  }

  @Test("a job that is sent again is not sent until then; one sent again alone shares with nobody") func stages() {
    let (job, other) = (Job.read("a"), Job.read("b"))
    #expect(!job.isInFlight && job.shares(with: other))
    job.noteSent(at: 5)
    #expect(job.isInFlight && job.sentAt == 5)
    #expect(job.attemptEnded(.aborted, mayMove: false) == .retryAlone)
    #expect(!job.isInFlight && !job.shares(with: other) && !other.shares(with: job))
    job.noteSent(at: 7)
    #expect(job.attemptEnded(.rows([]), mayMove: false) == .finish)
    job.finish(.success([]), at: 9)
    #expect(!job.isInFlight && job.sentAt == 7 && job.answeredAt == 9)
  }

  @Test("a reply is called once") func repliesOnce() {
    var answers: [String] = []
    let job = Job.write("a") { answers.append($0.summary) }
    job.finish(.failure(.lost), at: 1)
    job.finish(.success([]), at: 2)
    #expect(answers == ["lost"])
    #expect(!job.isInFlight && job.answeredAt == nil, "it never was sent")
  }

  @Test("the end of a Sync applies to statements that had rows") func syncs() {
    let ends: [JobEnd] = [.rows([]), .refused("23505"), .aborted, .lost]
    let error = PostgresError(SQLState("23503"), "")
    for (sync, outside, inside) in [
      (SyncEnd.idle, ["rows", "23505", "aborted", "lost"], ["rows", "23505", "aborted", "lost"]),
      (.refused(error), ["23503", "23505", "aborted", "lost"], ["23503", "23505", "aborted", "lost"]),
      (.open, ["lost", "23505", "aborted", "lost"], ["rows", "23505", "aborted", "lost"]),
      (.lost, ["lost", "23505", "aborted", "lost"], ["lost", "23505", "aborted", "lost"]),
    ] {
      #expect(ends.map { $0.committed(by: sync).summary } == outside, "\(sync)")
      #expect(ends.map { $0.committed(by: sync, mayStayOpen: true).summary } == inside, "\(sync)")
    }
  }

  @Test("creates that shared a Sync are all committed, all undone, or all lost") func groups() {
    let error = PostgresError(SQLState("23503"), "")
    for (ends, sync, whole, each) in [
      ([JobEnd.rows([]), .rows([])], SyncEnd.idle, "rows", "rows"),
      ([.rows([]), .rows([])], .refused(error), "23503", "aborted"),
      ([.rows([]), .rows([])], .lost, "lost", "lost"),
      ([.rows([]), .rows([])], .open, "lost", "lost"),
      ([.rows([]), .refused("23505"), .aborted], .idle, "23505", "aborted"),
      ([.rows([]), .refused("57P01"), .lost], .lost, "57P01", "aborted"),
      ([.rows([]), .aborted], .idle, "aborted", "aborted"),
      ([.rows([]), .lost], .lost, "lost", "lost"),
    ] {
      let group = JobEnd.ofGroup(ends, sync)
      #expect(group.summary == whole)
      #expect(ends.map { group.inGroup($0).summary } == ends.map { _ in each }, "\(ends.map(\.summary)) \(sync)")
    }
  }
}
