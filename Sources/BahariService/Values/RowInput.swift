import BahariFrame
import BahariMessage
import BahariPostgres

/// A row message, checked: the values it gives and every fault it has.
struct RowInput {
  /// By the column's place in the resource; nil where absent.
  private(set) var values: [Value?]
  private(set) var violations: [FieldViolation] = []
  /// Values that break a rule, by the column's place: refused, but in an update that leaves them as they are.
  private(set) var doubts: [(place: Int, violation: FieldViolation)] = []

  /// `path` stands in front of the columns' names in violations: "data".
  init(_ row: Message, _ resource: Resource, path: String) {
    self.init(row, resource.columns, path: "\(path).")
  }

  /// What a request sets that has fields named as columns.
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
        if var doubt = Validation.doubt(value, column) {
          doubt.field = "\(path)\(doubt.field)"
          doubts.append((values.count - 1, doubt))
        }
      case .failure(var violation):
        violation.field = "\(path)\(violation.field)"
        violations.append(violation)
        values.append(nil)
      }
    }
  }

  mutating func add(_ violation: FieldViolation) { violations.append(violation) }

  /// Sets a column, unless the caller gave it.
  mutating func fill(_ column: String, _ resource: Resource, _ value: @autoclosure () -> Value) {
    guard let place = resource.columns.firstIndex(where: { $0.name == column }), values[place] == nil else { return }
    values[place] = value()
  }

  /// Takes doubts for faults: a new row has to keep all rules.
  mutating func refuseDoubts() { violations += doubts.map(\.violation) }

  /// Adds a fault for every value that is behind the one that comes after it.
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

  /// The values of some columns, in their order.
  func parameters(_ columns: [String], _ resource: Resource) -> Parameters {
    var parameters = Parameters()
    for name in columns {
      let place = resource.columns.firstIndex { $0.name == name }
      (place.flatMap { values[$0] } ?? .null).add(to: &parameters)
    }
    return parameters
  }

  /// A value that is given, as text.
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

  /// Adds a fault for every column that a new row needs and this one lacks.
  mutating func requireMandatory(_ resource: Resource, path: String) {
    let faulty = Set(violations.map(\.field))
    for (index, column) in resource.columns.enumerated() where column.isMandatory && values[index] == nil {
      let field = path.isEmpty ? column.name : "\(path).\(column.name)"
      if !faulty.contains(field) { violations.append(.missing(field)) }
    }
  }
}

/// Which columns a write sets.
struct Mask {
  /// Places of columns in the resource; nil when the caller gave no mask.
  let listed: Set<Int>?

  static let managed = ["created_at", "updated_at"]

  /// Reads a google.protobuf.FieldMask; `message` is nil where there is none.
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
        throw .malformed("\(path) is kept by the server and cannot be set", field: "update_mask")
      }
      listed.insert(index)
    }
    self.listed = listed
  }

  /// The columns that `input` sets, given the mask: the listed ones, or else those that are present.
  func columns(of input: inout RowInput, _ resource: Resource, path: String) -> [Int] {
    let writable = resource.columns.indices.filter { index in
      let name = resource.columns[index].name
      return name != "id" && !Mask.managed.contains(name)
    }
    guard let listed else { return writable.filter { input.values[$0] != nil } }
    for index in writable where input.values[index] != nil && !listed.contains(index) {
      input.add(
        .unknown(
          "\(path).\(resource.columns[index].name)", "is given and not named in update_mask; name it or leave it out"))
    }
    return writable.filter(listed.contains)
  }
}
