import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// Runs the calls of one report.
final class ReportRunner: MethodRunner {
  private let report: BoundReport
  private let reply: ReplyShape
  private let warning: (field: UInt32, description: UInt32)
  private let table: TableContext

  init(_ report: BoundReport, _ reply: ReplyShape, _ table: TableContext) {
    self.report = report
    self.reply = reply
    self.table = table
    let numbers = reply.within("warnings")
    warning = (numbers["field"], numbers["description"])
  }

  /// A report with one statement runs like a list, so that a slow statement moves to a pool connection. Several
  /// statements are sent together, as one job on the lane of point reads.
  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    let values = try ReportValues(request, report)
    let statements = report.parts.map { $0.bound(values) }
    let answered = { (answer: Job.Answer) in
      switch answer {
      case .failure(let failure): self.table.fail(call, failure, .reads, on: shard)
      case .success(let rows): self.answer(rows, values, call, on: shard)
      }
    }
    guard statements.count > 1 else {
      return call.track(table.database.lists.read(statements[0], on: shard, answered))
    }
    let job = Job(read: statements, answered)
    call.track(job)
    table.database.reads.submit(job, on: shard)
  }

  private func answer(_ rows: [Rows], _ values: ReportValues, _ call: Call, on shard: isolated Shard) {
    for (part, rows) in zip(report.parts, rows) where part.isSubject && rows.count == 0 {
      return call.fail(table.notFound(values.subject(of: report)), on: shard)
    }
    table.replies.send(reply, to: call, on: shard) { writer in
      for (part, rows) in zip(report.parts, rows) {
        var codec = RowCodec(part.outputs)
        for row in 0..<min(rows.count, CallLimits.reportRows) {
          writer.field(part.number) { codec.encode(rows, row, into: writer) }
        }
        codec.encodeWarnings(reply, into: writer)
        if rows.count > CallLimits.reportRows { warn(of: part, writer) }
      }
    }
  }

  private func warn(of part: BoundPart, _ writer: WireWriter) {
    writer.field(reply.warnings) {
      writer.field(warning.field, string: part.field)
      writer.field(
        warning.description,
        string: "has more than \(CallLimits.reportRows) rows; the others are left out")
    }
  }
}

extension ReportValues {
  /// The part of a NOT_FOUND message that describes the missing row, such as "id 42".
  fileprivate func subject(of report: BoundReport) -> String {
    guard let (first, _) = report.parameters.first, case .int32(let id) = self[first.field] else {
      return "these values"
    }
    return "\(first.field) \(id)"
  }
}
