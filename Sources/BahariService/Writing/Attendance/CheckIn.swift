import BahariFrame
import BahariMessage
import BahariShard

/// The method CheckIn of Absensi (attendance): inserts the row of an employee's day when the employee arrives.
final class CheckIn: MethodRunner {
  private let table: TableContext
  private let method: WriteMethod
  private let fields: ColumnFields
  private let checkin: Int?
  private let writer: RowWriter

  init(_ method: BoundMethod, _ table: TableContext) {
    self.table = table
    self.method = WriteMethod(method)
    fields = ColumnFields(method.input, table.resource)
    checkin = table.resource.place(of: "checkin")
    writer = RowWriter(table)
  }

  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    let resource = table.resource
    var input = RowInput(request, fields)
    input.fill(checkin, .timestamp(BinaryDate.now))
    input.requireMandatory(resource, path: "")
    input.refuseBrokenRules()
    input.requireServable(resource, path: "")
    guard input.violations.isEmpty else { throw table.invalid(input.violations) }
    let write = try Write(call, request, payload, method, Hints.remarks(input, resource), path: "")
    writer.insert(input, write, on: shard)
  }
}

extension Method {
  static let checkIn = Method(
    name: "CheckIn", effect: .creates, deadline: .point, sentence: "Check-in berhasil", isOnEveryTable: false
  ) { CheckIn($0, $1) }
}
