/// How many calls `LoadDriver` makes at a time, and for how long.
struct LoadOptions {
  var connections = 8
  /// Calls in flight on each connection; if `rate` is set, the maximum.
  var depth = 1
  /// Calls per second, sent even while earlier calls are unanswered; nil to send the next call after a reply.
  var rate: Int?
  /// Seconds of calls before the measurement, which are not counted.
  var warmup = 0
  var seconds = 5
  /// Whether lost connections are replaced, and their calls in flight sent again.
  var repeats = false
}
