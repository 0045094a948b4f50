/// How a load is driven.
struct LoadOptions {
  var connections = 8
  /// Calls in flight on each connection; with a rate, the most of them.
  var depth = 1
  /// Calls a second, made whether or not earlier ones were answered; nil for as many as come back.
  var rate: Int?
  /// Seconds that are not measured, in front of those that are.
  var warmup = 0
  var seconds = 5
  /// Connections that went away are made anew, and what was in flight is sent again.
  var repeats = false
}
