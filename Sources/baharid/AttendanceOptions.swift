import ArgumentParser
import BahariCatalog

/// The rules by which a day's attendance is classified. A row keeps its classification until its times change.
struct AttendanceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("A full working day; a shorter one counts as leaving early.", valueName: "hours"))
  var fullDay = hours(Attendance().fullDaySeconds)

  @Option(help: ArgumentHelp("Time beyond a full day after which overtime begins.", valueName: "hours"))
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
