/// The period in which everything happens. It is fixed, so that the rows do not depend on the current date.
enum Window {
  /// The first day. Data that rarely changes is entered in the first month.
  static let start = Day(2025, 1, 1)
  /// The first day with attendance, catches, aid and training.
  static let opening = Day(2025, 2, 3)
  /// The demo's current day; later events are planned.
  static let today = Day(2026, 6, 30)
  /// The last day of planned events.
  static let planned = Day(2026, 9, 30)

  /// The time at which a row was entered: in the first month, each row later than the one before.
  static func entry(_ row: Int, of count: Int) -> Moment {
    Moment(start.number * 86_400 + row * (30 * 86_400 / (count + 1)), row: row)
  }

  /// A random day, both ends included.
  static func day(_ dice: inout Dice, from first: Day = opening, to last: Day = today) -> Day {
    first + dice.below(last - first + 1)
  }
}
