import BahariMessage

/// The field numbers of a message that the server writes, found by the fields' names.
struct FieldNumbers {
  private let descriptor: MessageDescriptor
  private let numbers: [String: UInt32]

  init(_ descriptor: MessageDescriptor) {
    self.descriptor = descriptor
    numbers = Dictionary(uniqueKeysWithValues: descriptor.fields.map { ($0.name, $0.number) })
  }

  subscript(name: String) -> UInt32 {
    guard let number = numbers[name] else { preconditionFailure("\(descriptor.name) has no field \(name)") }
    return number
  }

  /// The field numbers of the message type that the field `name` holds.
  func within(_ name: String) -> FieldNumbers {
    guard let message = descriptor.field(name)?.message else {
      preconditionFailure("\(descriptor.name) has no message \(name)")
    }
    return FieldNumbers(message)
  }
}
