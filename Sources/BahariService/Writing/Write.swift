import BahariFrame
import BahariMessage
import BahariPostgres

/// A method that writes one row, with the request fields that all such methods have.
struct WriteMethod {
  let bound: BoundMethod
  private let fields: WriteFields

  init(_ method: BoundMethod) {
    bound = method
    fields = WriteFields(method.input)
  }

  func isDryRun(_ request: Message) -> Bool { request.isSet(fields.dryRun) }

  /// The key of the request; nil if it has no request id, and for a dry run, which has no effect and may be repeated.
  func key(_ request: Message, _ payload: UnsafeRawBufferPointer, _ call: Call) throws(Status) -> RequestKey? {
    let key = try RequestKey(request, fields.requestID, payload, call.peer)
    return isDryRun(request) ? nil : key
  }
}

/// One write of one row, without its statements: the call it belongs to, how to answer it, and how to recognize a
/// repetition.
struct Write {
  let call: Call
  let method: BoundMethod
  let isDryRun: Bool
  /// The key under which the request is logged; nil if it is not logged, so that a repetition may have a second effect.
  let key: RequestKey?
  /// The bytes of the reply that follow the row: warnings about the request.
  let tail: [UInt8]
  /// The prefix of column names in violations, such as `data.`.
  let path: String

  init(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, _ method: WriteMethod, _ remarks: [Remark],
    path: String = "data."
  ) throws(Status) {
    (self.call, self.method, self.path) = (call, method.bound, path)
    isDryRun = method.isDryRun(request)
    call.isDryRun = isDryRun
    key = try method.key(request, payload, call)
    guard !remarks.isEmpty else {
      tail = []
      return
    }
    let writer = WireWriter(capacity: 64)
    for remark in remarks { remark.encode(method.bound.reply.warnings, into: writer) }
    tail = Array(writer.bytes)
  }

  /// The name of the method under which the request is logged; nil if the request is not logged.
  var loggedMethod: String? { key == nil ? nil : method.name }

  /// Adds the parameters of the request's log entry, if the request is logged.
  func addLogEntry(to parameters: inout Parameters) { key?.add(to: &parameters, tail: tail) }
}

extension Status {
  static func requestReused(_ key: RequestKey, _ resource: Resource) -> Status {
    Status(
      .requestReused, "request_id \(key.id.debugDescription) was used for another request; use a new one",
      table: resource.table.name, violations: [.wrong("request_id", "REUSED", "was used for another request")])
  }

  static func replyForgotten(_ key: RequestKey, _ resource: Resource) -> Status {
    Status(
      .internalError,
      "request_id \(key.id.debugDescription) was applied, but its reply cannot be read after a change of the table; "
        + "read the row instead", table: resource.table.name)
  }
}
