/// A time in UTC; its description is PostgreSQL's text form.
struct Moment: CustomStringConvertible {
  /// Seconds since 1970-01-01.
  let seconds: Int
  var microseconds = 0

  /// `row` becomes the microseconds, so that events of different rows in one second have different times.
  init(_ seconds: Int, row: Int = 0) {
    self.seconds = seconds
    microseconds = row % 1_000_000
  }

  /// `second` is counted from the start of the day.
  init(_ day: Day, second: Int, row: Int = 0) { self.init(day.number * 86_400 + second, row: row) }

  var description: String {
    let second = seconds % 86_400
    let clock = [second / 3_600, second / 60 % 60, second % 60].map { digits($0, 2) }.joined(separator: ":")
    let fraction = microseconds == 0 ? "" : "." + digits(microseconds, 6)
    return "\(Day(number: seconds / 86_400)) \(clock)\(fraction)"
  }
}
