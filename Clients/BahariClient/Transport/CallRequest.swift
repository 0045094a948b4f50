/// The request of a call: the method, its encoded message, the deadline, and whether the call writes.
struct CallRequest: Sendable {
  let service: String
  let method: String
  let payload: [UInt8]
  /// How long the call may take, repetitions included. Error messages show it.
  let timeout: Duration
  /// The time by which the call must end, as uptime in nanoseconds.
  let deadline: UInt64
  /// Whether the reply is a stream of messages.
  let streams: Bool
  let effect: CallEffect

  /// Creates the request of a call whose timeout starts now. If `withDeadline` set an earlier deadline for the task,
  /// that deadline applies.
  init(
    service: String, method: String, payload: [UInt8], timeout: Duration, streams: Bool = false,
    effect: CallEffect = .write
  ) {
    (self.service, self.method, self.payload) = (service, method, payload)
    (self.streams, self.effect) = (streams, effect)
    (self.timeout, deadline) = TaskDeadline.shorten(timeout)
  }

  var name: String { "\(service)/\(method)" }

  /// An upper bound of the length of the request frame's data, in bytes.
  var size: Int { payload.count + service.utf8.count + method.utf8.count + 64 }
}
