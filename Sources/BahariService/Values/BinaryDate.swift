import Glibc

/// Converts PostgreSQL's binary dates and timestamps, which count days and microseconds from 2000-01-01.
enum BinaryDate {
  /// The present time, in microseconds since 2000-01-01 UTC.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return microseconds(seconds: Int64(time.tv_sec), nanoseconds: Int32(time.tv_nsec)) ?? 0
  }

  /// The number of days from 1970-01-01 to 2000-01-01.
  private static let epoch = 10_957
  /// The first day of year 1 and the last day of year 9999, in days since 1970-01-01.
  private static let days = -719_162...2_932_896

  /// The day as YYYY-MM-DD; nil for infinity and outside the years 1 to 9999.
  static func text(_ daysSince2000: Int32) -> String? {
    let day = Int(daysSince2000) + epoch
    guard days.contains(day) else { return nil }
    let (year, month, dayOfMonth) = civil(day)
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: width - digits.count) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(dayOfMonth, 2))"
  }

  /// Formats a day for which `text` returns nil so that PostgreSQL can parse it: infinity, or J and the Julian day
  /// number.
  static func special(_ daysSince2000: Int32) -> String {
    switch daysSince2000 {
    case .max: "infinity"
    case .min: "-infinity"
    default: "J\(Int(daysSince2000) + 2_451_545)"
    }
  }

  /// Converts to seconds and nanoseconds since 1970-01-01 UTC; nil for infinity and outside the years 1 to 9999.
  static func unixTime(_ microsecondsSince2000: Int64) -> (seconds: Int64, nanoseconds: Int64)? {
    let (seconds, microseconds) = microsecondsSince2000.flooredDivision(by: 1_000_000)
    let unix = seconds + Int64(epoch) * 86_400
    guard days.contains(Int(unix.flooredDivision(by: 86_400).quotient)) else { return nil }
    return (unix, microseconds * 1_000)
  }

  /// Converts seconds and nanoseconds since 1970 to microseconds since 2000; nil outside the years 1 to 9999.
  static func microseconds(seconds: Int64, nanoseconds: Int32) -> Int64? {
    guard (0..<1_000_000_000).contains(nanoseconds),
      days.contains(Int(seconds.flooredDivision(by: 86_400).quotient))
    else { return nil }
    return (seconds - Int64(epoch) * 86_400) * 1_000_000 + Int64(nanoseconds) / 1_000
  }

  /// Whether `text` is an existing day written YYYY-MM-DD.
  static func isDate(_ text: UnsafeRawBufferPointer) -> Bool { daysSince1970(text) != nil }

  /// Parses YYYY-MM-DD and returns the days since 1970-01-01; nil if malformed or if there is no such day.
  static func daysSince1970(_ text: UnsafeRawBufferPointer) -> Int? {
    guard text.count == 10, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in text[range] {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), year >= 1,
      (1...12).contains(month), (1...length(ofMonth: month, year)).contains(day)
    else { return nil }
    // The calculation lets each year begin in March, so that the leap day is the last day of its year.
    let (shifted, monthFromMarch) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
    let leapDays = shifted / 4 - shifted / 100 + shifted / 400
    return shifted * 365 + leapDays + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
  }

  private static func length(ofMonth month: Int, _ year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Converts days since 1970-01-01 to a Gregorian date. Years are counted from March, so that the leap day is the last
  /// of its year, in cycles of 400 years (146,097 days).
  private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
    let (cycle, dayOfCycle) = (day + 719_468).flooredDivision(by: 146_097)
    let yearOfCycle = (dayOfCycle - dayOfCycle / 1_460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
    let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
    let month = (5 * dayOfYear + 2) / 153
    let calendarMonth = month < 10 ? month + 3 : month - 9
    return (
      cycle * 400 + yearOfCycle + (calendarMonth <= 2 ? 1 : 0), calendarMonth, dayOfYear - (153 * month + 2) / 5 + 1
    )
  }
}

extension BinaryInteger {
  /// Division that rounds towards minus infinity.
  fileprivate func flooredDivision(by divisor: Self) -> (quotient: Self, remainder: Self) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
