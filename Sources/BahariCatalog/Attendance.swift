/// How a day's attendance is judged, from the exact time between check-in and check-out. No break is taken off.
package enum Attendance {
  /// A full day, and how much more is still on time; hours.
  static let fullDay = 8.0
  static let grace = 0.25

  package static let open = "Masih Berjalan"
  package static let early = "Pulang Sebelum Waktunya"
  package static let onTime = "Tepat Waktu"
  package static let overtime = "Lembur"

  /// In PostgreSQL a difference of timestamps in seconds is exact, and numeric rounds halves up.
  private static let seconds = "extract(epoch FROM {checkout} - {checkin})"
  private static let full = Int(fullDay * 3600)
  private static let late = Int((fullDay + grace) * 3600)

  static let derived = [
    Derived("working_hours", from: ["checkin", "checkout"], "round(\(seconds) / 3600, 2)"),
    Derived(
      "status", from: ["checkin", "checkout"],
      "CASE WHEN {checkout} IS NULL THEN '\(open)' WHEN \(seconds) < \(full) THEN '\(early)' "
        + "WHEN \(seconds) <= \(late) THEN '\(onTime)' ELSE '\(overtime)' END"),
    Derived(
      "total_overtime", from: ["checkin", "checkout"],
      "CASE WHEN \(seconds) > \(late) THEN round((\(seconds) - \(late)) / 3600, 2) ELSE 0 END"),
  ]
}
