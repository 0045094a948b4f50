import BahariClient

/// Makes calls that write one row each, and shows their replies.
struct RowWriter {
  let daemon: DescribedDaemon
  let options: WriteOptions
  /// Whether the command writes only one row: then the reply is printed as it is. Several rows are printed as a list.
  let isSingle: Bool
  private var pages: AllPages?
  private var count = 0

  init(_ daemon: DescribedDaemon, _ options: WriteOptions, isSingle: Bool) {
    self.daemon = daemon
    self.options = options
    self.isSingle = isSingle
  }

  /// Makes one call with a request id, and shows the row in the reply.
  ///
  /// - Throws: `BahariError`. If it is unknown whether the row was written, the error's metadata has the request id
  ///   with which the write can be repeated.
  @discardableResult
  mutating func call(_ target: DescribedResource, _ method: Method, _ request: Record, isShown: Bool = true)
    async throws -> Record
  {
    count += 1
    let id = options.requestID.map { isSingle ? $0 : "\($0)-\(count)" } ?? RequestID.random()
    var request = request
    request["request_id"] = .text(id)
    if options.dryRun { request["dry_run"] = .bool(true) }
    do {
      let reply = try await daemon.call(method, try request.encoded())
      if isShown, !options.quiet { try show(reply, target) }
      return reply
    } catch var error as BahariError {
      if error.outcome == .unknown { error.metadata["request_id"] = id }
      throw error
    }
  }

  mutating func show(_ reply: Record, _ target: DescribedResource) throws {
    var rows = RowOutput(target, daemon.schema, options.output)
    guard !isSingle else { return try rows.reply(reply) }
    RowOutput.warn(reply)
    if pages == nil { pages = AllPages(rows) } else { pages?.turn(to: rows) }
    try pages?.add(reply.records("data"))
  }

  mutating func end() throws { try pages?.end() }
}
