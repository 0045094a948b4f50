import BahariFrame
import BahariMessage
import BahariPostgres

/// A BatchUpsertRequest whose rows have been checked one by one.
struct BatchRequest {
  struct Row {
    /// The row's index in the request.
    let index: Int
    let values: [Value?]
    /// Indexes of the columns to insert, the key included.
    let present: [Int]
    /// Indexes of the columns to change if the row exists.
    let sets: [Int]
    /// Whether the row has so much text that an existing row may become too long for a reply.
    let isLarge: Bool
  }

  /// The rows without violations, in the order of the request.
  private(set) var rows: [Row] = []
  /// Violations, by the row's index in the request.
  private(set) var faults: [Int: [FieldViolation]] = [:]
  /// Warnings, by the row's index in the request.
  private(set) var remarks: [Int: [Remark]] = [:]
  /// Whether rows without violations are written although other rows are refused.
  let skips: Bool

  private static let skip: Int32 = 1

  init(_ request: Message, _ fields: BatchFields, _ resource: Resource) throws(Status) {
    guard request.has(fields.data) else { throw .invalid([.missing("data")], table: resource.table.name) }
    let count = request.count(fields.data)
    guard count <= CallLimits.batchRows else {
      throw .invalid([.wrong("data", "TOO_LONG", "has \(count) rows and may have \(CallLimits.batchRows)")])
    }
    skips = try BatchRequest.skips(request, fields.onError)
    let mask = try Mask(request, fields.mask, resource, allowsKey: true)
    let key = resource.naturalKeyPlace
    var seen: [Value.Key: Int] = [:]
    for (index, message) in request.messages(fields.data).enumerated() {
      let path = "data[\(index)]"
      var input = RowInput(message, resource, path: path)
      let sets = mask.columns(of: &input, resource, path: path).filter { $0 != key }
      BatchRequest.requireNotNull(sets, &input, resource, path)
      if let value = input.values[key] {
        if let first = seen.updateValue(index, forKey: value.key) {
          let description = "is given by row \(first) of the batch, too"
          input.add(.wrong("\(path).\(resource.naturalKey.name)", "DUPLICATE", description))
        }
      } else if !resource.naturalKey.live.isSerial,
        !input.violations.contains(where: { $0.field == "\(path).\(resource.naturalKey.name)" })
      {
        input.add(.missing("\(path).\(resource.naturalKey.name)"))
      }
      input.refuseBrokenRules()
      input.requireOrder(resource, path: path)
      input.requireServable(resource, path: path)
      guard input.violations.isEmpty else {
        faults[index] = input.violations
        continue
      }
      let present = resource.columns.indices.filter { column in
        input.values[column] != nil && !Mask.managed.contains(resource.columns[column].name)
          && (column == key || !resource.columns[column].live.isSerial)
      }
      let remarks = Hints.remarks(input, resource)
      if !remarks.isEmpty, self.remarks.count < CallLimits.batchWarnings { self.remarks[index] = remarks }
      rows.append(Row(index: index, values: input.values, present: present, sets: sets, isLarge: input.isLarge))
    }
  }

  private static func skips(_ request: Message, _ field: FieldDescriptor) throws(Status) -> Bool {
    guard request.has(field) else { return false }
    let value = request.int32(field)
    guard field.isDefined(value) else { throw .malformed("\(value) is neither ABORT nor SKIP", field: "on_error") }
    return value == skip
  }

  /// A column that the mask names and a row lacks is set to NULL or its default. A column that allows neither must be
  /// given.
  private static func requireNotNull(_ sets: [Int], _ input: inout RowInput, _ resource: Resource, _ path: String) {
    for column in sets where input.values[column] == nil && resource.columns[column].isMandatory {
      let field = "\(path).\(resource.columns[column].name)"
      if !input.violations.contains(where: { $0.field == field }) { input.add(.missing(field)) }
    }
  }
}

/// The fields of a BatchUpsert request.
struct BatchFields: Sendable {
  let data, onError: FieldDescriptor
  let mask: MaskFields

  init(_ request: MessageDescriptor) {
    (data, onError) = (request.required("data"), request.required("on_error"))
    mask = MaskFields(request)
  }
}

extension Value {
  /// A value in the form by which the keys of a batch's rows are compared and ordered.
  enum Key: Hashable, Comparable {
    case number(Int64)
    case text([UInt8])
    case other

    static func < (first: Key, second: Key) -> Bool {
      switch (first, second) {
      case (.number(let first), .number(let second)): first < second
      case (.text(let first), .text(let second)): first.lexicographicallyPrecedes(second)
      // A key column has one type, so that all its values have the same case.
      default: false
      }
    }
  }

  var key: Key {
    switch self {
    case .int32(let value): .number(Int64(value))
    case .int64(let value), .timestamp(let value): .number(value)
    case .text(let bytes): .text(bytes)
    case .null, .double, .bool: .other
    }
  }
}
