import BahariFrame
import BahariMessage
import BahariShard

/// The method Create: inserts one row.
final class Create: MethodRunner {
  private let table: TableContext
  private let method: WriteMethod
  private let data: FieldDescriptor
  private let writer: RowWriter

  init(_ method: BoundMethod, _ table: TableContext) {
    self.table = table
    self.method = WriteMethod(method)
    data = method.input.required("data")
    writer = RowWriter(table)
  }

  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    let resource = table.resource
    guard let row = request.message(data) else { throw table.invalid([.missing("data")]) }
    var input = RowInput(row, resource, path: "data")
    input.requireMandatory(resource, path: "data")
    if resource.key.live.isSerial, row.has(resource.key.field) {
      input.add(.wrong("data.id", "GIVEN_BY_SERVER", "is given by the server; leave it out"))
    }
    input.refuseBrokenRules()
    input.requireOrder(resource, path: "data")
    input.requireServable(resource, path: "data")
    guard input.violations.isEmpty else { throw table.invalid(input.violations) }
    writer.insert(input, try Write(call, request, payload, method, Hints.remarks(input, resource)), on: shard)
  }
}

extension Method {
  static let create = Method(
    name: "Create", effect: .creates, deadline: .point, sentence: "Data {} berhasil dibuat"
  ) { Create($0, $1) }
}
