/// What a call sends, until when, and whether it may be repeated.
struct CallRequest: Sendable {
  let service: String
  let method: String
  let payload: [UInt8]
  /// How long the call may take, repetitions included; shown in error messages.
  let timeout: Duration
  /// When the timeout is over, as uptime in nanoseconds.
  let deadline: UInt64
  /// Whether the reply is a stream of messages.
  let streams: Bool
  let effect: CallEffect

  /// The timeout starts now. The deadline of the task applies if it is earlier.
  init(
    service: String, method: String, payload: [UInt8], timeout: Duration, streams: Bool = false,
    effect: CallEffect = .write
  ) {
    (self.service, self.method, self.payload) = (service, method, payload)
    (self.streams, self.effect) = (streams, effect)
    (self.timeout, deadline) = TaskDeadline.shorten(timeout)
  }

  var name: String { "\(service)/\(method)" }

  /// An upper bound of the frame's data, in bytes.
  var size: Int { payload.count + service.utf8.count + method.utf8.count + 64 }
}
