import BahariCall
import BahariFrame
import BahariMessage
import BahariPostgres

/// Identifies a write request by its user and request id, so that its caller can repeat it without a second effect. The
/// payload shows whether a later request with the same id is a repetition.
struct RequestKey {
  let uid: UInt32
  let id: String
  let payload: [UInt8]

  /// Nil if the request has no request id.
  init?(
    _ request: Message, _ field: FieldDescriptor, _ payload: UnsafeRawBufferPointer, _ peer: Peer
  ) throws(Status) {
    guard let id = request.string(field) else { return nil }
    let length = CallLimits.requestIDCharacters
    guard length.contains(id.count) else {
      throw .malformed(
        "has \(id.count) characters and must have \(length.lowerBound) to \(length.upperBound)", field: "request_id")
    }
    (uid, self.id, self.payload) = (peer.uid, id, Array(payload))
  }

  /// Adds the parameters with which a request is entered in the request log. `tail` is the part of the reply that does
  /// not come from the written row.
  func add(to parameters: inout Parameters, tail: [UInt8]) {
    add(to: &parameters)
    parameters.add(bytes: tail)
  }

  /// Adds the parameters that find the request's entry in the request log, and tell whether its payload is the same.
  func add(to parameters: inout Parameters) {
    addName(to: &parameters)
    parameters.add(bytes: payload)
  }

  /// Adds the parameters that find the request's entry in the request log.
  func addName(to parameters: inout Parameters) {
    parameters.add(Int64(uid))
    parameters.add(text: id)
  }
}

extension Parameters {
  fileprivate mutating func add(bytes: [UInt8]) { bytes.withUnsafeBytes { add(binary: $0) } }
}
