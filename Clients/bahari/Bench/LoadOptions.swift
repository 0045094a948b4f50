/// Options of a load.
struct LoadOptions {
  var connections = 8
  /// Calls in flight on each connection; with a rate, the most.
  var depth = 1
  /// Calls per second, sent also while earlier ones are not answered; nil to send a call for each reply.
  var rate: Int?
  /// Seconds before the measurement.
  var warmup = 0
  var seconds = 5
  /// Whether lost connections are replaced, and their calls in flight sent again.
  var repeats = false
}
