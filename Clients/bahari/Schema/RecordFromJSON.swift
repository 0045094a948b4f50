/// Converts JSON to messages, following the descriptors of the messages.
struct RecordFromJSON {
  let schema: Schema

  func record(_ type: MessageType, _ json: JSON, at path: String = "") throws -> Record {
    guard case .object(let members) = json else {
      throw Failure(.invalidArgument, "\(path.isEmpty ? "the request" : path) must be a JSON object, a \(type.name)")
    }
    var record = Record(type)
    for member in members {
      let place = path.isEmpty ? member.name : "\(path).\(member.name)"
      let found = type.slot(member.name) ?? type.fields.firstIndex { JSONText.camelCase($0.name) == member.name }
      guard let slot = found else {
        let known = type.fields.map(\.name).joined(separator: ", ")
        throw Failure(.invalidArgument, "\(type.name) has no field \(place); it has: \(known)")
      }
      if member.value == .null { continue }
      record.values[slot] = try value(type.fields[slot], member.value, at: place)
    }
    return record
  }

  private func value(_ field: Field, _ json: JSON, at path: String) throws -> FieldValue {
    if field.isRepeated {
      guard case .array(let items) = json else { throw Failure(.invalidArgument, "\(path) must be a JSON array") }
      return .list(
        try items.enumerated().map { try single(field, $1, at: "\(path)[\($0)]") })
    }
    return try single(field, json, at: path)
  }

  private func single(_ field: Field, _ json: JSON, at path: String) throws -> FieldValue {
    let text: String
    switch (field.kind, json) {
    case (.message, .object) where !field.isTimestamp && !field.isFieldMask:
      return .record(try record(schema.message(field.typeName), json, at: path))
    case (.message, .array(let items)) where field.isFieldMask:
      return .mask(
        try items.map {
          guard case .string(let name) = $0 else { throw Failure(.invalidArgument, "\(path) must contain strings") }
          return name
        })
    case (.bool, .bool(let bool)): return .bool(bool)
    case (.enum, .number(let number)):
      guard let symbol = Int32(number) else {
        throw Failure(.invalidArgument, "\(path): \(number) is not the number of an enum value")
      }
      return .symbol(symbol, nil)
    case (.bool, _): throw Failure(.invalidArgument, "\(path) must be true or false")
    case (.string, .string(let string)), (.bytes, .string(let string)): text = string
    case (.string, _), (.bytes, _): throw Failure(.invalidArgument, "\(path) must be a JSON string")
    case (_, .string(let string)), (_, .number(let string)): text = string
    default: throw Failure(.invalidArgument, "\(path) must be \(field.isNumber ? "a number" : "a JSON string")")
    }
    var item = field
    item.isRepeated = false
    do throws(BadValue) {
      return try FieldValue(text: text, for: item, schema: schema)
    } catch {
      throw Failure(.invalidArgument, "\(path): \(error.description)")
    }
  }
}
