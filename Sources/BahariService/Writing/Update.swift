import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// The method Update: changes some columns of one row.
final class Update: MethodRunner {
  private let table: TableContext
  private let method: WriteMethod
  private let data, version: FieldDescriptor
  private let mask: MaskFields
  /// The request's field `force_state`; nil for tables without states.
  private let forceState: FieldDescriptor?
  private let writer: RowWriter

  init(_ method: BoundMethod, _ table: TableContext) {
    self.table = table
    self.method = WriteMethod(method)
    (data, version) = (method.input.required("data"), method.input.required("version"))
    mask = MaskFields(method.input)
    forceState = method.input.field("force_state")
    writer = RowWriter(table)
  }

  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status) {
    let resource = table.resource
    guard let row = request.message(data) else { throw table.invalid([.missing("data")]) }
    let id = try requireID(row)
    let mask = try Mask(request, mask, resource, allowsKey: false)
    var input = RowInput(row, resource, path: "data")
    let indices = mask.columns(of: &input, resource, path: "data")
    input.requireServable(resource, path: "data")
    for index in indices where input.values[index] == nil && !resource.columns[index].live.isNullable {
      let field = "data.\(resource.columns[index].name)"
      if !input.violations.contains(where: { $0.field == field }) { input.add(.missing(field)) }
    }
    guard input.violations.isEmpty else { throw table.invalid(input.violations) }
    guard !indices.isEmpty else {
      throw .invalid([.wrong("data", FieldViolation.missingReason, "sets no column; give one besides id")])
    }
    let forces = forceState.map(request.isSet) ?? false
    var remarks = Hints.remarks(input, resource)
    if forces { remarks.append(Remark(field: "force_state", description: "the state was set without its usual steps")) }
    let write = try Write(call, request, payload, method, remarks)
    let version = request.string(version)
    let shape = WriteShape(
      kind: .update(hasVersion: version != nil), given: indices, loggedMethod: write.loggedMethod, forcesState: forces,
      isLarge: input.isLarge)
    let change = RowChange(shape: shape, id: id, key: try table.key(id), version: version, values: input.values)
    guard !input.brokenRules.isEmpty else { return writer.update(change, write, on: shard) }
    compareThenUpdate(change, input, write, on: shard)
  }

  private func requireID(_ row: Message) throws(Status) -> Int64 {
    let field = table.resource.key.field
    guard row.has(field) else { throw table.invalid([.missing("data.id")]) }
    return field.kind == .int32 ? Int64(row.int32(field)) : row.int64(field)
  }

  /// Updates the row unless a new value breaks a rule. A broken rule is accepted if the row already has that value, so
  /// that the other columns of legacy rows can be corrected.
  private func compareThenUpdate(_ change: RowChange, _ input: RowInput, _ write: Write, on shard: isolated Shard) {
    let resource = table.resource
    var key = Parameters()
    change.key.add(to: &key)
    let shape = LookupShape(rows: .plain, columns: [resource.keyPlace])
    table.read(table.bound(.lookup(shape), key), write.call, on: shard) { rows in
      guard rows.count > 0 else {
        return self.writer.end(write, with: self.table.notFound("id \(change.id)"), on: shard)
      }
      let changed = input.brokenRules.filter { broken in
        guard let new = input.values[broken.place] else { return true }
        return Value(rows, 0, broken.place, resource.columns[broken.place].type).map { !$0.isSame(as: new) } ?? true
      }
      guard changed.isEmpty else {
        return self.writer.end(write, with: self.table.invalid(changed.map(\.violation)), on: shard)
      }
      self.writer.update(change, write, on: shard)
    }
  }
}

extension Method {
  static let update = Method(
    name: "Update", effect: .changes, deadline: .point, sentence: "Data {} berhasil diperbarui"
  ) { Update($0, $1) }
}
