import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

extension Repository {
  /// A report of one statement is executed like a list, so that a slow one moves to a pool. Several statements are sent
  /// together as one job on the lane of reads.
  func report(_ report: BoundReport, _ call: Call, _ request: Message, on shard: isolated Shard) {
    do throws(Status) {
      let values = try ReportValues(request, report)
      let statements = report.parts.map { $0.bound(values) }
      let reply = { (answer: Job.Answer) in
        switch answer {
        case .failure(let failure): self.fail(call, failure, .read, on: shard)
        case .success(let rows): self.reply(report, rows, values, call, on: shard)
        }
      }
      if statements.count == 1 {
        call.track(database.lists.read(statements[0], on: shard, reply))
      } else {
        let job = Job(read: statements, reply)
        call.track(job)
        database.reads.submit(job, on: shard)
      }
    } catch {
      call.fail(error, on: shard)
    }
  }

  private func reply(
    _ report: BoundReport, _ rows: [Rows], _ values: ReportValues, _ call: Call, on shard: isolated Shard
  ) {
    for (part, rows) in zip(report.parts, rows) where part.isSubject && rows.count == 0 {
      return call.fail(notFound(values.subject(of: report)), on: shard)
    }
    report.shape.begin(writer)
    for (part, rows) in zip(report.parts, rows) {
      var codec = RowCodec(part.outputs)
      for row in 0..<min(rows.count, ServiceLimits.reportRows) {
        writer.field(part.number) { codec.encode(rows, row, into: writer) }
      }
      codec.encodeWarnings(report.shape, into: writer)
      guard rows.count > ServiceLimits.reportRows else { continue }
      writer.field(report.shape.warnings) {
        writer.field(1, string: part.field)
        writer.field(2, string: "has more than \(ServiceLimits.reportRows) rows; the others are left out")
      }
    }
    call.succeed(writer, on: shard)
  }
}

extension ReportValues {
  /// The words for the missing row in a NOT_FOUND message, such as "id 42".
  fileprivate func subject(of report: BoundReport) -> String {
    guard let (first, _) = report.parameters.first, case .int32(let id) = self[first.field] else {
      return "these values"
    }
    return "\(first.field) \(id)"
  }
}
