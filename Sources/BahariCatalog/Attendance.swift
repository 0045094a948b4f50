/// The rules that derive an attendance row's status, working hours and overtime from the time between check-in and
/// check-out. Breaks are not subtracted. An operator may change the rules (`baharid/AttendanceOptions.swift`).
package struct Attendance: Sendable {
  /// The length of a full working day. A shorter time between check-in and check-out gets the status `early`.
  package var fullDaySeconds = 8 * 3_600
  /// The time after a full working day that still gets the status `onTime`. Only time beyond it is overtime.
  package var graceSeconds = 900

  package init() {}

  package static let open = "Masih Berjalan"
  package static let early = "Pulang Sebelum Waktunya"
  package static let onTime = "Tepat Waktu"
  package static let overtime = "Lembur"

  /// SQL for the seconds between check-in and check-out, as an exact numeric: PostgreSQL's `round` rounds halves of a
  /// numeric up, as the contract requires.
  private static let seconds = "extract(epoch FROM {checkout} - {checkin})"

  /// The attendance table's derived columns, with expressions for these rules.
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
