/// An instant in UTC with the fields of google.protobuf.Timestamp, and its ISO 8601 text.
struct Timestamp: Equatable {
  var seconds: Int64
  var nanoseconds: Int32

  init(seconds: Int64, nanoseconds: Int32) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  /// The text, such as `2026-01-31T08:00:00Z`, with a fraction of 3, 6 or 9 digits if it is not 0.
  var text: String {
    let days = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let rest = seconds - days * 86_400
    let (year, month, day) = Timestamp.date(fromDays: days)
    var text = Timestamp.padded(year, 4) + "-" + Timestamp.padded(month, 2) + "-" + Timestamp.padded(day, 2) + "T"
    text += [rest / 3600, rest / 60 % 60, rest % 60].map { Timestamp.padded($0, 2) }.joined(separator: ":")
    if nanoseconds > 0 {
      var fraction = Timestamp.padded(Int64(nanoseconds), 9)
      while fraction.hasSuffix("000") { fraction.removeLast(3) }
      text += "." + fraction
    }
    return text + "Z"
  }

  /// Parses `YYYY-MM-DD`, then `T` or a space and `HH:MM[:SS[.fraction]]`, then `Z`, `±HH:MM` or nothing
  /// for UTC. Nil for anything else.
  init?(_ text: String) {
    var scanner = DigitScanner(text.utf8)
    guard let year = scanner.number(4), scanner.skip("-"), let month = scanner.number(2), scanner.skip("-"),
      let day = scanner.number(2), (1...12).contains(month), year >= 1,
      (1...Timestamp.days(in: month, of: year)).contains(day)
    else { return nil }
    var clock: Int64 = 0
    nanoseconds = 0
    if !scanner.atEnd {
      guard scanner.skip("T") || scanner.skip(" "), let hour = scanner.number(2), scanner.skip(":"),
        let minute = scanner.number(2), hour < 24, minute < 60
      else { return nil }
      clock = hour * 3600 + minute * 60
      if scanner.skip(":") {
        guard let second = scanner.number(2), second < 60 else { return nil }
        clock += second
        if scanner.skip(".") {
          guard let fraction = scanner.fraction() else { return nil }
          nanoseconds = fraction
        }
      }
      guard let offset = scanner.offset() else { return nil }
      clock -= offset
    }
    guard scanner.atEnd else { return nil }
    seconds = Timestamp.days(year, month, day) * 86_400 + clock
  }

  private static func padded(_ number: Int64, _ width: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
  }

  private static func days(in month: Int64, of year: Int64) -> Int64 {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    if month == 2 { return isLeap ? 29 : 28 }
    return [4, 6, 9, 11].contains(month) ? 30 : 31
  }

  /// Returns the days from 1970-01-01 to a date. Years are counted from March, so that the leap day is the last day of
  /// a year.
  private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
    let shifted = month <= 2 ? year - 1 : year
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return shifted * 365 + floored(shifted, 4) - floored(shifted, 100) + floored(shifted, 400) + dayOfYear - 719_468
  }

  private static func floored(_ number: Int64, _ divisor: Int64) -> Int64 {
    number >= 0 ? number / divisor : (number - divisor + 1) / divisor
  }

  private static func date(fromDays days: Int64) -> (Int64, Int64, Int64) {
    // Begin with an estimate of the year, which differs by at most one year, and correct it.
    var year = 1970 + floored(days * 400, 146_097)
    while self.days(year + 1, 1, 1) <= days { year += 1 }
    while self.days(year, 1, 1) > days { year -= 1 }
    var month: Int64 = 1
    while month < 12, self.days(year, month + 1, 1) <= days { month += 1 }
    return (year, month, days - self.days(year, month, 1) + 1)
  }
}

private struct DigitScanner {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: String.UTF8View) { rest = Array(bytes)[...] }

  var atEnd: Bool { rest.isEmpty }

  mutating func skip(_ character: Character) -> Bool {
    guard let first = rest.first, first == character.asciiValue else { return false }
    rest.removeFirst()
    return true
  }

  mutating func number(_ width: Int) -> Int64? {
    guard rest.count >= width else { return nil }
    var number: Int64 = 0
    for byte in rest.prefix(width) {
      guard (0x30...0x39).contains(byte) else { return nil }
      number = number * 10 + Int64(byte - 0x30)
    }
    rest.removeFirst(width)
    return number
  }

  /// Parses one to nine digits as the fraction of a second, and returns nanoseconds.
  mutating func fraction() -> Int32? {
    let width = rest.prefix { (0x30...0x39).contains($0) }.count
    guard (1...9).contains(width), let digits = number(width) else { return nil }
    return Int32(digits) * (0..<(9 - width)).reduce(Int32(1)) { scale, _ in scale * 10 }
  }

  /// Parses `Z`, `±HH:MM` or the end of the text as an offset from UTC, and returns seconds, positive to the east.
  mutating func offset() -> Int64? {
    if atEnd || skip("Z") { return 0 }
    let sign: Int64
    if skip("+") { sign = 1 } else if skip("-") { sign = -1 } else { return nil }
    guard let hours = number(2), skip(":"), let minutes = number(2), hours < 24, minutes < 60 else { return nil }
    return sign * (hours * 3600 + minutes * 60)
  }
}
