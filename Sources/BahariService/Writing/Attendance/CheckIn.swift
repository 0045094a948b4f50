import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard
import Glibc

/// CheckIn and CheckOut: a row made, and a row changed, by requests whose fields are named as the columns they set.
extension Repository {
  func checkIn(_ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard)
    throws(Status)
  {
    var input = RowInput(fieldsOf: request, resource)
    input.fill("checkin", resource, .timestamp(Repository.wallTime))
    input.requireMandatory(resource, path: "")
    input.refuseDoubts()
    guard input.violations.isEmpty else { throw .invalid(input.violations, table: resource.table.name) }
    let write = try Write(
      call, request, payload, "CheckIn", resource.replies.checkIn, .create, Hints.remarks(input, resource), path: "")
    make(input, write, on: shard)
  }

  func checkOut(_ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard)
    throws(Status)
  {
    var input = RowInput(fieldsOf: request, resource)
    input.fill("checkout", resource, .timestamp(Repository.wallTime))
    input.refuseDoubts()
    let idField = request.descriptor.field("id")
    let id = idField.flatMap { request.has($0) ? request.int64($0) : nil }
    let named = ["nip", "date"].filter { input.has($0, resource) }
    if id == nil { for name in ["nip", "date"] where !named.contains(name) { input.add(.missing(name)) } }
    guard input.violations.isEmpty else { throw .invalid(input.violations, table: resource.table.name) }
    let write = try Write(
      call, request, payload, "CheckOut", resource.replies.checkOut, .write, Hints.remarks(input, resource), path: "")
    let sets = resource.columns.indices.filter { place in
      input.values[place] != nil && !["id", "nip", "date"].contains(resource.columns[place].name)
    }
    var sql = WriteSQL(resource: resource, given: sets, isUpdate: true, loggedMethod: write.loggedMethod)
    sql.demands = [Repository.isOpen]
    let key = try id.map { id throws(Status) in try keyValue(id) }
    if let id, let key, named.isEmpty {
      return send(RowChange(sql: sql, id: id, key: key, version: nil, values: input.values), write, on: shard)
    }
    var parameters = input.parameters(named, resource)
    key?.add(to: &parameters)
    read(Bound(openRow(named + (id == nil ? [] : ["id"])), parameters), write, on: shard) { rows in
      guard rows.count > 0, let key = Value(rows, 0, 0, self.resource.key.type), case .int32(let id) = key else {
        let names = ((id == nil ? [] : ["id"]) + named).joined(separator: " and ")
        return self.settle(self.notFound("this \(names)"), write, on: shard)
      }
      self.send(
        RowChange(sql: sql, id: Int64(id), key: key, version: nil, values: input.values), write, on: shard)
    }
  }

  /// The row that the request names by these columns; of two that a legacy database may have, the one that is open.
  private func openRow(_ names: [String]) -> Statement {
    let columns = names.compactMap { name in resource.columns.first { $0.name == name } }
    let conditions = columns.enumerated().map { "t.\($1.quoted) = $\($0 + 1)" }.joined(separator: " AND ")
    return Statement(
      "SELECT t.\(resource.key.quoted) FROM \(resource.qualified) AS t WHERE \(conditions) "
        + "ORDER BY t.\"checkout\" IS NULL DESC, t.\(resource.key.quoted) DESC LIMIT 1",
      columns.map(\.type.rawValue))
  }

  private static let isOpen = Guard(
    columns: ["checkout"], field: "checkout", error: .wrongState, reason: "CHECKED_OUT",
    description: "the row has a check-out already", bindsNewRows: false, lock: .none,
    bindsUnchanged: true
  ) { _, old in "\(old("checkout")) IS NULL" }

  /// Now, in microseconds since 2000.
  private static var wallTime: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return BinaryDate.microseconds(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec)) ?? 0
  }
}
