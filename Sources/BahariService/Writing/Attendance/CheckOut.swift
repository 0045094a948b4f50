import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// The method CheckOut of Absensi (attendance): completes the row of an employee's day when the employee leaves. The
/// request names the row by its id, or by the employee's NIP and the day.
final class CheckOut: MethodRunner {
  private let table: TableContext
  private let method: WriteMethod
  private let id: FieldDescriptor
  private let fields: ColumnFields
  private let checkout: Int?
  /// Indexes of the columns that name a row in a request without an id: NIP and day.
  private let day: [Int]
  private let writer: RowWriter

  /// The condition that refuses a second check-out.
  private static let isOpen = RequiredNull(
    column: "checkout", reason: "CHECKED_OUT", description: "the row has a check-out already")

  init(_ method: BoundMethod, _ table: TableContext) {
    self.table = table
    self.method = WriteMethod(method)
    id = method.input.required("id")
    fields = ColumnFields(method.input, table.resource)
    checkout = table.resource.place(of: "checkout")
    day = ["nip", "date"].compactMap(table.resource.place)
    writer = RowWriter(table)
  }

  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    let resource = table.resource
    var input = RowInput(request, fields)
    input.fill(checkout, .timestamp(BinaryDate.now))
    input.refuseBrokenRules()
    input.requireServable(resource, path: "")
    let id = request.has(id) ? request.int64(id) : nil
    let named = day.filter { input.values[$0] != nil }
    if id == nil {
      for place in day where !named.contains(place) { input.add(.missing(resource.columns[place].name)) }
    }
    guard input.violations.isEmpty else { throw table.invalid(input.violations) }
    let write = try Write(call, request, payload, method, Hints.remarks(input, resource), path: "")
    let sets = resource.columns.indices.filter {
      input.values[$0] != nil && $0 != resource.keyPlace && !day.contains($0)
    }
    let shape = WriteShape(
      kind: .update(hasVersion: false), given: sets, loggedMethod: write.loggedMethod, requiredNull: CheckOut.isOpen,
      isLarge: input.isLarge)
    let key = try id.map { id throws(Status) in try table.key(id) }
    if let id, let key, named.isEmpty {
      let change = RowChange(shape: shape, id: id, key: key, version: nil, values: input.values)
      return writer.update(change, write, on: shard)
    }
    find(named, key, input, write, on: shard) { id, key in
      RowChange(shape: shape, id: id, key: key, version: nil, values: input.values)
    }
  }

  /// Finds the row that the request names, and changes it. A legacy database may have two rows of one employee and day;
  /// the row without a check-out is preferred.
  private func find(
    _ named: [Int], _ key: Value?, _ input: RowInput, _ write: Write, on shard: isolated Shard,
    _ change: @escaping (Int64, Value) -> RowChange
  ) {
    let resource = table.resource
    var parameters = Parameters()
    for place in named { (input.values[place] ?? .null).add(to: &parameters) }
    key?.add(to: &parameters)
    let columns = named + (key == nil ? [] : [resource.keyPlace])
    let shape = LookupShape(rows: .newestID(nullFirst: checkout ?? resource.keyPlace), columns: columns)
    table.read(table.bound(.lookup(shape), parameters), write.call, on: shard) { rows in
      guard rows.count > 0, let key = Value(rows, 0, 0, resource.key.type), case .int32(let id) = key else {
        let names = ((key == nil ? [] : ["id"]) + named.map { resource.columns[$0].name }).joined(separator: " and ")
        return self.writer.end(write, with: self.table.notFound("this \(names)"), on: shard)
      }
      self.writer.update(change(Int64(id), key), write, on: shard)
    }
  }
}

extension Method {
  static let checkOut = Method(
    name: "CheckOut", effect: .changes, deadline: .point, sentence: "Check-out berhasil", isOnEveryTable: false
  ) { CheckOut($0, $1) }
}
