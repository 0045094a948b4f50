import BahariFrame
import BahariMessage
import BahariPostgres

/// The columns that a write sets, as its request lists them in update_mask.
struct Mask {
  /// Indexes of the resource's columns that the mask lists; nil if the caller gave no mask.
  let listed: Set<Int>?

  static let managed = ["created_at", "updated_at"]

  /// Reads the request's update_mask. Throws if it lists a column that does not exist or that callers cannot set.
  init(_ request: Message, _ fields: MaskFields, _ resource: Resource, allowsKey: Bool) throws(Status) {
    guard let message = request.message(fields.mask) else {
      listed = nil
      return
    }
    var listed: Set<Int> = []
    for path in message.strings(fields.paths) {
      guard let index = resource.place(of: path) else {
        throw .malformed(
          "\(resource.table.name) has no column \(path.echo) that can be written; it has \(resource.columnNames)",
          field: "update_mask", reason: FieldViolation.unknownReason)
      }
      if Mask.managed.contains(path) || (path == "id" && !allowsKey) {
        throw .malformed("\(path) is maintained by the server and cannot be set", field: "update_mask")
      }
      listed.insert(index)
    }
    self.listed = listed
  }

  /// Indexes of the columns to set: those that the mask lists or, without a mask, those that `input` has values for.
  /// Adds a violation for each column that has a value but is not in the mask.
  func columns(of input: inout RowInput, _ resource: Resource, path: String) -> [Int] {
    let writable = resource.columns.indices.filter { index in
      let name = resource.columns[index].name
      return name != "id" && !Mask.managed.contains(name)
    }
    guard let listed else { return writable.filter { input.values[$0] != nil } }
    for index in writable where input.values[index] != nil && !listed.contains(index) {
      input.add(
        .unknown(
          "\(path).\(resource.columns[index].name)", "is given but not in update_mask: add it there or leave it out"))
    }
    return writable.filter(listed.contains)
  }
}
