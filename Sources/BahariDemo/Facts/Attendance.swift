/// Invented check-ins and check-outs of employees, in ascending order of the days.
struct Attendance {
  struct Visit {
    let id: Int
    let employee: Staff.Employee
    let day: Day
    /// The time of the check-in, in seconds since 1970-01-01 UTC.
    let arrival: Int
    /// Seconds from check-in to check-out; nil if the employee has not checked out.
    let stay: Int?

    var status: String {
      switch stay {
      case nil: "Masih Berjalan"
      case .some(..<Attendance.shift): "Pulang Sebelum Waktunya"
      case .some(...Attendance.longest): "Tepat Waktu"
      default: "Lembur"
      }
    }
  }

  /// The length of a full day (eight hours), and the longest time without overtime (a quarter of an hour more), in
  /// seconds.
  private static let (shift, longest) = (28_800, 29_700)

  let visits: [Visit]

  init(_ staff: Staff, _ dice: inout Dice) {
    let present = staff.employees.filter(\.isActive)
    var visits: [Visit] = []
    for number in Window.opening.number...Window.today.number {
      let day = Day(number: number)
      guard day.isWeekday else { continue }
      for employee in present where dice.isTrue(percent: 82) {
        // Employees check in between seven and nine o'clock in the local time of their workplace.
        let arrival = day.number * 86_400 + (7 - employee.zone) * 3_600 + dice.below(7_200)
        visits.append(
          Visit(
            id: visits.count + 1, employee: employee, day: day, arrival: arrival,
            stay: Attendance.stay(isToday: day == Window.today, &dice)))
      }
    }
    self.visits = visits
  }

  /// Returns the seconds from check-in to check-out. Returns nil for most check-ins of today, and for a few others as
  /// if the check-out had been forgotten.
  private static func stay(isToday: Bool, _ dice: inout Dice) -> Int? {
    if isToday && dice.isTrue(percent: 60) || dice.below(1_000) < 3 { return nil }
    switch dice.below(100) {
    case ..<15: return shift - 1 - dice.below(3 * 3_600)
    case ..<70: return shift + dice.below(longest - shift + 1)
    default: return longest + 1 + dice.below(3 * 3_600)
    }
  }

  /// Converts seconds to hours with two decimals, rounding halves up. A hundredth of an hour has 36 seconds.
  private static func hours(_ seconds: Int) -> Hundredths { Hundredths(count: (seconds + 18) / 36) }

  func table(_ dice: Dice) -> DemoTable {
    DemoTable("trx_absensi", of: visits, dice) { columns in
      columns.add("id") { visit, _ in visit.id }
      columns.add("date") { visit, _ in visit.day }
      columns.add("nip") { visit, _ in visit.employee.nip }
      columns.add("checkin") { visit, _ in Moment(visit.arrival) }
      columns.addPlace("ci") { visit, dice in Place(near: visit.employee.workplace, 0.001, &dice) }
      columns.add("checkout") { visit, _ in visit.stay.map { Moment(visit.arrival + $0) } }
      columns.addPlace("co") { visit, dice in
        visit.stay.map { _ in Place(near: visit.employee.workplace, 0.001, &dice) }
      }
      columns.add("working_hours") { visit, _ in visit.stay.map(Attendance.hours) }
      columns.add("status") { visit, _ in visit.status }
      columns.add("total_overtime") { visit, _ in
        Attendance.hours(max((visit.stay ?? 0) - Attendance.longest, 0))
      }
      columns.addTimes {
        Moment($0.arrival, row: $0.id)
      } updated: {
        Moment($0.arrival + ($0.stay ?? 0), row: $0.id)
      }
    }
  }
}
