import ArgumentParser
import Glibc

/// The time zones of Indonesia, which determine the day of a check-in or check-out without --date.
enum Zone: String, ExpressibleByArgument, CaseIterable {
  case wib = "WIB"
  case wita = "WITA"
  case wit = "WIT"

  private var hours: Int {
    switch self {
    case .wib: 7
    case .wita: 8
    case .wit: 9
    }
  }

  /// Returns the day in this time zone, as YYYY-MM-DD, at a time in seconds since 1970.
  func day(at seconds: Int) -> String {
    var local = seconds + hours * 3600
    var parts = tm()
    gmtime_r(&local, &parts)
    func padded(_ number: Int32, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
  }
}
