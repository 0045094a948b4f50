import BahariFrame
import BahariMessage

/// A reply message's field numbers, read from its descriptor, and the encoded fields that every successful reply begins
/// with.
struct ReplyShape: Sendable {
  /// The encoded fields response_code, response_message and message of a successful reply.
  let head: [UInt8]
  private let message: MessageDescriptor?
  /// Numbers of fields that most replies have; 0 if this reply does not have the field.
  let data, warnings, pagination, distances: UInt32

  init(_ descriptor: MessageDescriptor?, message: String) {
    self.message = descriptor
    func number(_ name: String) -> UInt32 { descriptor?.field(name)?.number ?? 0 }
    (data, warnings) = (number("data"), number("warnings"))
    (pagination, distances) = (number("pagination"), number("distance_km"))
    let writer = WireWriter()
    for (name, text) in [("response_code", "2000000"), ("response_message", "Success"), ("message", message)]
    where number(name) > 0 { writer.field(number(name), string: text) }
    head = Array(writer.bytes)
  }

  /// The number of a field that the reply must have; else the process stops. Call it when a method is bound, not during
  /// a call.
  func number(_ name: String) -> UInt32 {
    guard let message else { preconditionFailure("a reply without a descriptor has no field \(name)") }
    return message.required(name).number
  }

  /// The field numbers of the message type that the field `name` holds.
  func within(_ name: String) -> FieldNumbers {
    guard let message else { preconditionFailure("a reply without a descriptor has no field \(name)") }
    return FieldNumbers(message.requiredMessage(name))
  }

  /// Writes the reply's field distance_km: the distance of each row in `data`, in kilometres.
  func write(_ kilometres: [Double], into writer: WireWriter) {
    writer.field(distances) {
      for distance in kilometres {
        withUnsafeBytes(of: distance.bitPattern.littleEndian) { writer.append($0) }
      }
    }
  }

  /// Appends the fields that every successful reply begins with to `writer`.
  func begin(_ writer: WireWriter) { head.withUnsafeBytes { writer.append($0) } }
}
