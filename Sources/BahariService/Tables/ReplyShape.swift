import BahariFrame
import BahariMessage

/// A reply message's field numbers, from its descriptor, and the bytes that every success begins with.
struct ReplyShape: Sendable {
  /// Response code and message, and the sentence.
  let head: [UInt8]
  private let message: MessageDescriptor?
  /// Numbers that most replies have; 0 for a field that this one lacks.
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

  /// The number of a field that the message must have; looked up when a method is bound, not during a call.
  func number(_ name: String) -> UInt32 {
    guard let message else { preconditionFailure("a reply without a descriptor has no field \(name)") }
    return message.required(name).number
  }

  /// The numbers of the message that a field holds.
  func within(_ name: String) -> FieldNumbers {
    guard let message else { preconditionFailure("a reply without a descriptor has no field \(name)") }
    return FieldNumbers(message.requiredMessage(name))
  }

  /// How far each row of `data` is, in kilometres.
  func write(_ kilometres: [Double], into writer: WireWriter) {
    writer.field(distances) {
      for distance in kilometres {
        withUnsafeBytes(of: distance.bitPattern.littleEndian) { writer.append($0) }
      }
    }
  }

  /// Begins a reply behind what `writer` holds.
  func begin(_ writer: WireWriter) { head.withUnsafeBytes { writer.append($0) } }
}
