/// The type of a message, from the daemon's descriptors.
final class MessageType: Sendable {
  /// The full name without a leading dot: `bahari.v1.Desa`.
  let name: String
  /// The fields in the order of their numbers. The slot of a field is its position in this list.
  let fields: [Field]
  private let slots: [UInt32: Int]
  private let names: [String: Int]

  init(name: String, fields: [Field]) {
    self.name = name
    self.fields = fields.sorted { $0.number < $1.number }
    slots = Dictionary(self.fields.enumerated().map { ($1.number, $0) }) { first, _ in first }
    names = Dictionary(self.fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
  }

  func slot(_ number: UInt32) -> Int? { slots[number] }
  func slot(_ name: String) -> Int? { names[name] }
  func field(_ name: String) -> Field? { names[name].map { fields[$0] } }
}
