/// A message: its type, and a value or nil for each field.
struct Record: Sendable, Hashable {
  let type: MessageType
  /// The value of each field, at the field's position in `type.fields`; nil if the field is absent.
  var values: [FieldValue?]

  init(_ type: MessageType) {
    self.type = type
    values = Array(repeating: nil, count: type.fields.count)
  }

  subscript(_ name: String) -> FieldValue? {
    get { type.slot(name).flatMap { values[$0] } }
    set { if let slot = type.slot(name) { values[slot] = newValue } }
  }

  /// Returns the messages in a repeated field, or the one message in a single field; none if the field is absent.
  func records(_ name: String) -> [Record] {
    switch self[name] {
    case .record(let record): [record]
    case .list(let values):
      values.compactMap { if case .record(let record) = $0 { record } else { nil } }
    default: []
    }
  }

  /// The integers of a repeated field; empty if the field is absent.
  func integers(_ name: String) -> [Int64] {
    switch self[name] {
    case .integer(let number): [number]
    case .list(let values): values.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    default: []
    }
  }

  func text(_ name: String) -> String? { if case .text(let text) = self[name] { text } else { nil } }
  func integer(_ name: String) -> Int64? { if case .integer(let number) = self[name] { number } else { nil } }

  static func == (one: Record, other: Record) -> Bool {
    one.type.name == other.type.name && one.values == other.values
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(type.name)
    hasher.combine(values)
  }
}
