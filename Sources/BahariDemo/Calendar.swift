/// A day, counted from 1970-01-01.
struct Day: Comparable, CustomStringConvertible {
  let number: Int

  init(number: Int) { self.number = number }

  init(_ year: Int, _ month: Int, _ day: Int) {
    // A year that begins in March ends with the leap day, if it has one.
    let year = month > 2 ? year : year - 1
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    number = 365 * year + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
  }

  var date: (year: Int, month: Int, day: Int) {
    let days = number + 719_468
    let era = days / 146_097
    let ofEra = days % 146_097
    let year = (ofEra - ofEra / 1_460 + ofEra / 36_524 - ofEra / 146_096) / 365
    let ofYear = ofEra - (365 * year + year / 4 - year / 100)
    let month = (5 * ofYear + 2) / 153
    let isEarly = month >= 10
    return (
      era * 400 + year + (isEarly ? 1 : 0), isEarly ? month - 9 : month + 3, ofYear - (153 * month + 2) / 5 + 1
    )
  }

  /// 1970-01-01 was a Thursday.
  var isWeekday: Bool { (1...5).contains((number + 4) % 7) }

  /// The same day of a later year, or the first of March where that year lacks it.
  func adding(years: Int) -> Day { Day(date.year + years, date.month, date.day) }

  var description: String {
    let (year, month, day) = date
    return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
  }

  static func + (day: Day, days: Int) -> Day { Day(number: day.number + days) }
  static func - (later: Day, earlier: Day) -> Int { later.number - earlier.number }
  static func < (a: Day, b: Day) -> Bool { a.number < b.number }
}

/// A time of UTC.
struct Moment: CustomStringConvertible {
  /// Since 1970.
  let seconds: Int
  var microseconds = 0

  /// `row` tells apart what happens in the same second.
  init(_ seconds: Int, row: Int = 0) {
    self.seconds = seconds
    microseconds = row % 1_000_000
  }

  /// `second` of the day.
  init(_ day: Day, second: Int, row: Int = 0) { self.init(day.number * 86_400 + second, row: row) }

  var description: String {
    let second = seconds % 86_400
    let clock = [second / 3_600, second / 60 % 60, second % 60].map { digits($0, 2) }.joined(separator: ":")
    let fraction = microseconds == 0 ? "" : "." + digits(microseconds, 6)
    return "\(Day(number: seconds / 86_400)) \(clock)\(fraction)"
  }
}

/// A decimal number with two digits behind its point.
struct Hundredths: CustomStringConvertible {
  let count: Int

  var description: String { "\(count / 100).\(digits(count % 100, 2))" }
}

/// When all happens: the same days whenever the rows are made.
enum Window {
  /// What does not change often was entered in the first month.
  static let start = Day(2025, 1, 1)
  static let opening = Day(2025, 2, 3)
  /// The demo's today: what lies behind it is planned.
  static let today = Day(2026, 6, 30)
  static let planned = Day(2026, 9, 30)

  /// Times of the first month, later for each next row.
  static func entry(_ row: Int, of count: Int) -> Moment {
    Moment(start.number * 86_400 + row * (30 * 86_400 / (count + 1)), row: row)
  }

  static func day(_ dice: inout Dice, from first: Day = opening, to last: Day = today) -> Day {
    first + dice.below(last - first + 1)
  }
}

/// `number` with zeros before it, so that it has `width` digits.
func digits(_ number: Int, _ width: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(width - text.utf8.count, 0)) + text
}
