import BahariFrame

/// Encodes the message bahari.v1.BatchReply, whatever rows were refused, in no more bytes than a reply may have.
struct BatchReply {
  private let shape: ReplyShape
  private let created, updated, unchanged, failed, errors, moreFailed: UInt32
  private let errorIndex, violations, warningIndex, warnings: UInt32

  init(_ shape: ReplyShape) {
    self.shape = shape
    (created, updated, unchanged) = (shape.number("created"), shape.number("updated"), shape.number("unchanged"))
    (failed, errors, moreFailed) = (shape.number("failed"), shape.number("errors"), shape.number("more_failed"))
    let (error, warning) = (shape.within("errors"), shape.within("warnings"))
    (errorIndex, violations) = (error["index"], error["violations"])
    (warningIndex, warnings) = (warning["index"], warning["warnings"])
  }

  func bytes(_ run: BatchRun, _ batch: BatchRequest) -> [UInt8] {
    let writer = WireWriter(capacity: 1024)
    shape.begin(writer)
    let same = run.written - run.created - run.updated
    for (number, count) in [
      (created, run.created), (updated, run.updated), (unchanged, same), (failed, run.faults.count),
    ] {
      writer.field(number, varint: UInt64(count))
    }
    encode(run.faults.sorted { $0.key < $1.key }, into: writer)
    for (index, remarks) in batch.remarks.sorted(by: { $0.key < $1.key }) where run.faults[index] == nil {
      guard writer.count < ServiceLimits.batchReplyBytes else { break }
      writer.field(shape.warnings) {
        writer.field(warningIndex, varint: UInt64(index))
        for remark in remarks { remark.encode(warnings, into: writer) }
      }
    }
    return Array(writer.bytes)
  }

  /// Writes the first refused rows with their violations, and of all further ones only the indexes.
  private func encode(_ faults: [(key: Int, value: [FieldViolation])], into writer: WireWriter) {
    var whole = 0
    while whole < min(faults.count, CallLimits.batchErrors), writer.count < ServiceLimits.batchErrorBytes {
      writer.field(errors) {
        writer.field(errorIndex, varint: UInt64(faults[whole].key))
        for violation in faults[whole].value { writer.field(violations) { violation.encode(into: writer) } }
      }
      whole += 1
    }
    guard whole < faults.count else { return }
    writer.field(moreFailed) {
      for fault in faults[whole...] { writer.varint(UInt64(fault.key)) }
    }
  }
}
