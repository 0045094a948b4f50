/// A calendar day, stored as the number of days since 1970-01-01.
struct Day: Comparable, CustomStringConvertible {
  let number: Int

  init(number: Int) { self.number = number }

  init(_ year: Int, _ month: Int, _ day: Int) {
    // The calculation counts years from March, so that the leap day is the last day of its year.
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

  /// Whether the day is one from Monday to Friday. Day 0, 1970-01-01, was a Thursday.
  var isWeekday: Bool { (1...5).contains((number + 4) % 7) }

  /// The same date `years` later. Where that would be a leap day that does not exist, it is the first of March.
  func adding(years: Int) -> Day { Day(date.year + years, date.month, date.day) }

  var description: String {
    let (year, month, day) = date
    return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
  }

  static func + (day: Day, days: Int) -> Day { Day(number: day.number + days) }
  static func - (later: Day, earlier: Day) -> Int { later.number - earlier.number }
  static func < (a: Day, b: Day) -> Bool { a.number < b.number }
}
