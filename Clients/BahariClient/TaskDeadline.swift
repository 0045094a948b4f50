/// The deadline that `withDeadline` set for the calls of the current task.
enum TaskDeadline {
  /// The current task's deadline, as uptime in nanoseconds; nil if `withDeadline` set none.
  @TaskLocal static var current: UInt64?

  /// Returns how long a call with the timeout `time` may take in the current task, and the call's deadline as uptime in
  /// nanoseconds. The task's deadline applies if it is earlier than the end of the timeout.
  static func shorten(_ time: Duration) -> (Duration, UInt64) {
    let now = Clock.now
    let own = now + Clock.nanoseconds(time)
    guard let current, current < own else { return (time, own) }
    return (.nanoseconds(Int64(clamping: current > now ? current - now : 0)), current)
  }
}
