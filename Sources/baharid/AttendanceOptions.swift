import ArgumentParser
import BahariCatalog

/// How a day's attendance is judged. Rows keep what they were judged by until their times change.
struct AttendanceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A full day's work: who goes sooner leaves early.", valueName: "hours"))
  var fullDay = hours(Attendance().fullDaySeconds)

  @Option(help: ArgumentHelp("What is beyond a full day and so much more is overtime.", valueName: "hours"))
  var overtimeGrace = hours(Attendance().graceSeconds)

  func validate() throws {
    for (name, hours) in [("--full-day", fullDay), ("--overtime-grace", overtimeGrace)] {
      guard (0...24).contains(hours) else { throw ValidationError("\(name) is \(hours) and must be from 0 to 24") }
      let seconds = hours * 3_600
      guard abs(seconds - seconds.rounded()) < 0.01 else {
        throw ValidationError("\(name) is \(hours) and must be whole seconds: 0.25 is a quarter of an hour")
      }
    }
  }

  private static func hours(_ seconds: Int) -> Double { Double(seconds) / 3_600 }
  private static func seconds(_ hours: Double) -> Int { Int((hours * 3_600).rounded()) }

  var attendance: Attendance {
    var attendance = Attendance()
    attendance.fullDaySeconds = AttendanceOptions.seconds(fullDay)
    attendance.graceSeconds = AttendanceOptions.seconds(overtimeGrace)
    return attendance
  }
}
