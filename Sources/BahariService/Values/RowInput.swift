import BahariFrame
import BahariMessage
import BahariPostgres

/// The validated columns of a request that writes a row: their values, and all violations.
struct RowInput {
  /// One entry for each of the resource's columns; nil if the request does not give the column.
  private(set) var values: [Value?]
  private(set) var violations: [FieldViolation] = []
  /// Values that break a rule of the table, each with its column's index. They are refused, except in an update of a
  /// row that already has the same value.
  private(set) var brokenRules: [(place: Int, violation: FieldViolation)] = []

  /// `path`, such as "data", is put before the names of columns in violations.
  init(_ row: Message, _ resource: Resource, path: String) {
    self.init(row, resource.columns, path: "\(path).")
  }

  /// Reads a request that has columns as fields of its own, instead of a row message.
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
        if var broken = Validation.ruleViolation(value, column) {
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

  /// Sets the column with this index unless the caller gave a value.
  mutating func fill(_ place: Int?, _ value: @autoclosure () -> Value) {
    guard let place, values[place] == nil else { return }
    values[place] = value()
  }

  /// Refuses the values in `brokenRules` by adding them to the violations, because a new row has to keep all rules.
  mutating func refuseBrokenRules() { violations += brokenRules.map(\.violation) }

  /// Adds a violation for each date or time that is before another one although a rule of the table forbids this order.
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

  /// Adds a violation if the texts of the row are together so long that no reply could hold the row.
  mutating func requireServable(_ resource: Resource, path: String) {
    guard textBytes > CallLimits.rowBytes else { return }
    let longest = values.indices.max { values[$0].textBytes < values[$1].textBytes } ?? 0
    let name = resource.columns[longest].name
    add(
      .wrong(
        path.isEmpty ? name : "\(path).\(name)", "TOO_LONG",
        "is too long: the row has \(textBytes) bytes of text and may have \(CallLimits.rowBytes)"))
  }

  /// The number of bytes of all texts given.
  private var textBytes: Int { values.reduce(0) { $0 + $1.textBytes } }

  /// Whether an existing row may become too long for a reply by the texts given. Smaller texts need no check: a row that
  /// was not too long, and whose columns were then all set to texts of this size, still fits.
  var isLarge: Bool { textBytes > ServiceLimits.largeTextBytes }

  /// The value that the request gives for `column`, as text; nil if there is none, or if it is a Boolean or a time.
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

/// The columns for which a request has fields of the same name.
struct ColumnFields: Sendable {
  /// One entry for each of the resource's columns; nil if the request has no field for the column.
  let columns: [Column?]

  init(_ request: MessageDescriptor, _ resource: Resource) {
    columns = resource.columns.map { $0.within(request) }
  }
}

extension Value? {
  /// The number of bytes of a text; 0 for other values.
  fileprivate var textBytes: Int { if case .text(let bytes) = self { bytes.count } else { 0 } }
}
