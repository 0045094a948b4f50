/// How a day's attendance is judged, from the exact time between check-in and check-out. No break is taken off.
package struct Attendance: Sendable {
  /// A full day's work: less is leaving early.
  package var fullDaySeconds = 8 * 3_600
  /// How much more is still on time; what is beyond is overtime.
  package var graceSeconds = 900

  package init() {}

  package static let open = "Masih Berjalan"
  package static let early = "Pulang Sebelum Waktunya"
  package static let onTime = "Tepat Waktu"
  package static let overtime = "Lembur"

  /// In PostgreSQL a difference of timestamps in seconds is exact, and numeric rounds halves up.
  private static let seconds = "extract(epoch FROM {checkout} - {checkin})"

  var derived: [Derived] {
    let (seconds, late) = (Attendance.seconds, fullDaySeconds + graceSeconds)
    return [
      Derived("working_hours", from: ["checkin", "checkout"], "round(\(seconds) / 3600, 2)"),
      Derived(
        "status", from: ["checkin", "checkout"],
        "CASE WHEN {checkout} IS NULL THEN '\(Attendance.open)' "
          + "WHEN \(seconds) < \(fullDaySeconds) THEN '\(Attendance.early)' "
          + "WHEN \(seconds) <= \(late) THEN '\(Attendance.onTime)' ELSE '\(Attendance.overtime)' END"),
      Derived(
        "total_overtime", from: ["checkin", "checkout"],
        "CASE WHEN \(seconds) > \(late) THEN round((\(seconds) - \(late)) / 3600, 2) ELSE 0 END"),
    ]
  }
}
