import ArgumentParser
import BahariClient

/// Options of every command that writes rows.
struct WriteOptions: ParsableArguments {
  @Option(
    help: """
      Names the write: repeated with the same one it has no second effect. Several rows are NAME-1, NAME-2 and so on.
      """) var requestID: String?
  @Flag(help: "Check everything, write nothing.") var dryRun = false
  @Flag(name: .shortAndLong, help: "Say nothing of what went well.") var quiet = false
  @Option(name: .shortAndLong, help: RowFormat.help) var output = RowFormat.table
  @OptionGroup var connection: ConnectionOptions
}

/// Writes rows one by one, and shows what became of them.
struct RowWriter {
  let session: Session
  let options: WriteOptions
  /// Whether one row is written, which has the reply as its output; several are a list.
  let isSingle: Bool
  private var pages: AllPages?
  private var count = 0

  init(_ session: Session, _ options: WriteOptions, isSingle: Bool) {
    self.session = session
    self.options = options
    self.isSingle = isSingle
  }

  /// Makes one call with a request id and shows its row.
  ///
  /// - Throws: `BahariError`; one whose outcome is unknown carries the request id, to be repeated with.
  @discardableResult
  mutating func call(_ target: Target, _ method: Method, _ request: Record, isShown: Bool = true) async throws -> Record
  {
    count += 1
    let id = options.requestID.map { isSingle ? $0 : "\($0)-\(count)" } ?? RequestID.random()
    var request = request
    request["request_id"] = .text(id)
    if options.dryRun { request["dry_run"] = .bool(true) }
    do {
      let reply = try await session.call(method, try request.encoded())
      if isShown, !options.quiet { try show(reply, target) }
      return reply
    } catch var error as BahariError {
      if error.outcome == .unknown { error.metadata["request_id"] = id }
      throw error
    }
  }

  mutating func show(_ reply: Record, _ target: Target) throws {
    var rows = RowOutput(target, session.schema, options.output)
    guard !isSingle else { return try rows.reply(reply) }
    RowOutput.warn(reply)
    if pages == nil { pages = AllPages(rows) } else { pages?.turn(to: rows) }
    try pages?.add(reply.records("data"))
  }

  mutating func end() throws { try pages?.end() }
}

/// Asks before what cannot be undone.
enum Confirmation {
  /// - Parameter question: what is going to happen, without a question mark.
  /// - Throws: `Failure` where the answer is not yes, or where there is nobody to ask.
  static func ask(_ question: String) throws {
    guard StandardError.isTerminal, InputFile.isTerminal else {
      throw Failure(.invalidArgument, "\(question): nobody can be asked here, so write --yes if that is wanted")
    }
    StandardError.write("\(TableText.escaped(question)). Go on? [y/N] ")
    let answer = (readLine() ?? "").trimmed.lowercased()
    guard ["y", "yes", "ya"].contains(answer) else { throw Failure(.cancelled, "nothing was deleted") }
  }
}
