import BahariFrame
import BahariMessage
import BahariPostgres

/// A row message, checked: the values it gives and every violation in it.
struct RowInput {
  /// By the column's place in the resource; nil where absent.
  private(set) var values: [Value?]
  private(set) var violations: [FieldViolation] = []
  /// Values that break a rule of the table, by the column's place. They are refused, except in an update of a row that
  /// has the same value already.
  private(set) var brokenRules: [(place: Int, violation: FieldViolation)] = []

  /// `path` is put before the columns' names in violations: "data".
  init(_ row: Message, _ resource: Resource, path: String) {
    self.init(row, resource.columns, path: "\(path).")
  }

  /// A request whose own fields are named as columns.
  init(_ request: Message, _ fields: ColumnFields) {
    self.init(request, fields.columns, path: "")
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
        if var broken = Validation.brokenRule(value, column) {
          broken.field = "\(path)\(broken.field)"
          brokenRules.append((values.count - 1, broken))
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
  mutating func fill(_ place: Int?, _ value: @autoclosure () -> Value) {
    guard let place, values[place] == nil else { return }
    values[place] = value()
  }

  /// Adds the broken rules to the violations: a new row has to keep all rules.
  mutating func refuseBrokenRules() { violations += brokenRules.map(\.violation) }

  /// Adds a violation for every date or time that lies after one that must not be earlier.
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

  /// Adds a violation for every column that a new row needs and this one lacks.
  mutating func requireMandatory(_ resource: Resource, path: String) {
    let faulty = Set(violations.map(\.field))
    for (index, column) in resource.columns.enumerated() where column.isMandatory && values[index] == nil {
      let field = path.isEmpty ? column.name : "\(path).\(column.name)"
      if !faulty.contains(field) { violations.append(.missing(field)) }
    }
  }
}

/// The columns that a request has fields for, which are named as they are.
struct ColumnFields: Sendable {
  /// By the columns' places in the resource; nil for one that the request has no field for.
  let columns: [Column?]

  init(_ request: MessageDescriptor, _ resource: Resource) {
    columns = resource.columns.map { $0.within(request) }
  }
}
