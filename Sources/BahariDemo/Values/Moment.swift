/// A point in time. Its description is PostgreSQL's text form of the time in UTC.
struct Moment: CustomStringConvertible {
  /// Seconds since 1970-01-01 00:00 UTC.
  let seconds: Int
  var microseconds = 0

  /// Creates a time from seconds since 1970-01-01 UTC. The microseconds are made from `row`, so that events of
  /// different rows in the same second have different times.
  init(_ seconds: Int, row: Int = 0) {
    self.seconds = seconds
    microseconds = row % 1_000_000
  }

  /// Creates a time on `day`. `second` counts from the day's start in UTC, and the microseconds are made from `row`.
  init(_ day: Day, second: Int, row: Int = 0) { self.init(day.number * 86_400 + second, row: row) }

  var description: String {
    let second = seconds % 86_400
    let clock = [second / 3_600, second / 60 % 60, second % 60].map { digits($0, 2) }.joined(separator: ":")
    let fraction = microseconds == 0 ? "" : "." + digits(microseconds, 6)
    return "\(Day(number: seconds / 86_400)) \(clock)\(fraction)"
  }
}
