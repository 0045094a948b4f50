import BahariFrame
import BahariMessage
import BahariPostgres

/// The validated content of a row message: its values, and all its violations.
struct RowInput {
  /// One entry for each of the resource's columns; nil if the request does not give the column.
  private(set) var values: [Value?]
  private(set) var violations: [FieldViolation] = []
  /// Values that violate a rule, with the column's index. They are refused unless an update leaves the stored value as
  /// it is.
  private(set) var doubts: [(place: Int, violation: FieldViolation)] = []

  /// `path` is the prefix of the columns' names in violations, such as "data".
  init(_ row: Message, _ resource: Resource, path: String) {
    self.init(row, resource.columns, path: "\(path).")
  }

  /// Reads a request whose own fields have the names of columns, instead of a row message in it.
  init(fieldsOf request: Message, _ resource: Resource) {
    self.init(request, resource.columns.map { $0.within(request.descriptor) }, path: "")
  }

  private init(_ row: Message, _ columns: [Column?], path: String) {
    values = []
    values.reserveCapacity(columns.count)
    for column in columns {
      guard let column else {
        values.append(nil)
        continue
      }
      switch Validation.value(of: column, in: row) {
      case nil: values.append(nil)
      case .success(let value):
        values.append(value)
        if var violation = Validation.ruleViolation(value, column) {
          violation.field = "\(path)\(violation.field)"
          doubts.append((values.count - 1, violation))
        }
      case .failure(var violation):
        violation.field = "\(path)\(violation.field)"
        violations.append(violation)
        values.append(nil)
      }
    }
  }

  mutating func add(_ violation: FieldViolation) { violations.append(violation) }

  /// Sets a column unless the caller gave it.
  mutating func fill(_ column: String, _ resource: Resource, _ value: @autoclosure () -> Value) {
    guard let place = resource.columns.firstIndex(where: { $0.name == column }), values[place] == nil else { return }
    values[place] = value()
  }

  /// Refuses all values that violate a rule. For new rows, which have to keep all rules.
  mutating func refuseDoubts() { violations += doubts.map(\.violation) }

  /// Adds a violation for every pair of values that are not in the order which the table's rules require.
  mutating func requireOrder(_ resource: Resource, path: String) {
    for case .ordered(let columns) in resource.table.invariants {
      let places = columns.compactMap { name in resource.columns.firstIndex { $0.name == name } }
      for (before, after) in zip(places, places.dropFirst()) {
        guard let first = values[before], let last = values[after], first.isBehind(last) else { continue }
        let description = "must not be before \(resource.columns[before].name)"
        add(.wrong("\(path).\(resource.columns[after].name)", "OUT_OF_ORDER", description))
      }
    }
  }

  func has(_ column: String, _ resource: Resource) -> Bool {
    resource.columns.firstIndex { $0.name == column }.map { values[$0] != nil } ?? false
  }

  /// The values of `columns` as parameters, in this order; NULL for a column that was not given.
  func parameters(_ columns: [String], _ resource: Resource) -> Parameters {
    var parameters = Parameters()
    for name in columns {
      let place = resource.columns.firstIndex { $0.name == name }
      (place.flatMap { values[$0] } ?? .null).add(to: &parameters)
    }
    return parameters
  }

  /// A given value as text; nil if it is absent or has no text form here.
  func text(of column: String, _ resource: Resource) -> String? {
    guard let place = resource.columns.firstIndex(where: { $0.name == column }) else { return nil }
    switch values[place] {
    case .text(let bytes): return String(decoding: bytes, as: UTF8.self)
    case .int32(let value): return String(value)
    case .int64(let value): return String(value)
    case .double(let value): return String(value)
    default: return nil
    }
  }

  /// Adds a violation for every mandatory column that a new row does not give.
  mutating func requireMandatory(_ resource: Resource, path: String) {
    let faulty = Set(violations.map(\.field))
    for (index, column) in resource.columns.enumerated() where column.isMandatory && values[index] == nil {
      let field = path.isEmpty ? column.name : "\(path).\(column.name)"
      if !faulty.contains(field) { violations.append(.missing(field)) }
    }
  }
}

/// The update_mask of a write: which columns it sets.
struct Mask {
  /// Indexes of the resource's columns that the mask lists; nil if the caller gave no mask.
  let listed: Set<Int>?

  static let managed = ["created_at", "updated_at"]

  /// Reads a google.protobuf.FieldMask, or no mask if `message` is nil. Throws if a listed column cannot be written.
  init(_ message: Message?, _ resource: Resource, allowsKey: Bool) throws(Status) {
    guard let message, let field = message.descriptor.field("paths") else {
      listed = nil
      return
    }
    var listed: Set<Int> = []
    for path in message.strings(field) {
      guard let index = resource.columns.firstIndex(where: { $0.name == path }) else {
        throw .malformed(
          "\(resource.table.name) has no column \(path.debugDescription) that can be written; it has \(resource.columnNames)",
          field: "update_mask", reason: FieldViolation.unknownReason)
      }
      if Mask.managed.contains(path) || (path == "id" && !allowsKey) {
        throw .malformed("\(path) is maintained by the server and cannot be set", field: "update_mask")
      }
      listed.insert(index)
    }
    self.listed = listed
  }

  /// Indexes of the columns to set: those that the mask lists, or without a mask those that `input` gives. Adds a
  /// violation for each column that is given but not listed.
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
