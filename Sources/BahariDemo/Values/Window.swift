/// The fixed days that all dates of the demonstration data are based on. The current date is not used, so that the rows
/// are the same on every day.
enum Window {
  /// The first day. Data that rarely change are entered in the 30 days that begin with it.
  static let start = Day(2025, 1, 1)
  /// The first day on which there is attendance, catches, aid and training.
  static let opening = Day(2025, 2, 3)
  /// The day that counts as today in the demo. Events after it are planned.
  static let today = Day(2026, 6, 30)
  /// The last day for which events are planned.
  static let planned = Day(2026, 9, 30)

  /// Returns the time at which row number `row` of `count` was entered: within the period's first 30 days, each row
  /// later than the row before.
  static func entry(_ row: Int, of count: Int) -> Moment {
    Moment(start.number * 86_400 + row * (30 * 86_400 / (count + 1)), row: row)
  }

  /// Returns a random day from `first` to `last`, including both.
  static func day(_ dice: inout Dice, from first: Day = opening, to last: Day = today) -> Day {
    first + dice.below(last - first + 1)
  }
}
