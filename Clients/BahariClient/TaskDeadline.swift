/// The deadline that `withDeadline` gave the current task.
enum TaskDeadline {
  /// Uptime in nanoseconds.
  @TaskLocal static var current: UInt64?

  /// How long a call with the timeout `time` may take in this task, and its deadline as uptime in nanoseconds.
  static func shorten(_ time: Duration) -> (Duration, UInt64) {
    let now = Clock.now
    let own = now + Clock.nanoseconds(time)
    guard let current, current < own else { return (time, own) }
    return (.nanoseconds(Int64(clamping: current > now ? current - now : 0)), current)
  }
}
