/// What a call sends, and how it may be treated.
struct CallRequest: Sendable {
  let service: String
  let method: String
  let payload: [UInt8]
  /// How long the call may take, repetitions included; for messages.
  let timeout: Duration
  /// When that is over: uptime in nanoseconds.
  let deadline: UInt64
  /// The reply is a stream of messages.
  let streams: Bool
  let effect: CallEffect

  /// The time starts now. The deadline of the task counts where it is earlier.
  init(
    service: String, method: String, payload: [UInt8], timeout: Duration, streams: Bool = false,
    effect: CallEffect = .write
  ) {
    (self.service, self.method, self.payload) = (service, method, payload)
    (self.streams, self.effect) = (streams, effect)
    (self.timeout, deadline) = TaskDeadline.shorten(timeout)
  }

  var name: String { "\(service)/\(method)" }

  /// An upper bound of the frame's data.
  var size: Int { payload.count + service.utf8.count + method.utf8.count + 64 }
}
