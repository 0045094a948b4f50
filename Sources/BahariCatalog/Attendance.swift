/// The rules that derive status, working hours and overtime from the time between check-in and check-out. No break is
/// subtracted. An operator may set them (`baharid/AttendanceOptions.swift`).
package struct Attendance: Sendable {
  /// The length of a full working day; a shorter one gets the status `early`.
  package var fullDaySeconds = 8 * 3_600
  /// How much longer than a full day still counts as on time; the rest is overtime.
  package var graceSeconds = 900

  package init() {}

  package static let open = "Masih Berjalan"
  package static let early = "Pulang Sebelum Waktunya"
  package static let onTime = "Tepat Waktu"
  package static let overtime = "Lembur"

  /// SQL for the seconds between check-in and check-out, as an exact numeric. Rounding it rounds halves up, as the
  /// contract requires.
  private static let seconds = "extract(epoch FROM {checkout} - {checkin})"

  /// The derived columns of the attendance table.
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
