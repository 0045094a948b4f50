/// Demonstration data: rows for all tables, about the fisheries of an invented country. The same seed gives the same
/// rows on every machine and every day.
///
/// To add a table, add its facts and columns in a file of the folder Facts, and an entry in `tables`.
package struct Country {
  /// The number of tables. Unlike `tables.count`, it is known without generating any data, which takes a moment.
  package static let tableCount = 22

  /// All tables. Each comes after the tables that its foreign keys refer to.
  package let tables: [DemoTable]

  package init(seed: UInt64) {
    // Each group of facts and each table has its own random numbers, so that a change in one does not alter other rows.
    func dice(_ number: UInt64) -> Dice { Dice(seed: seed << 8 | number) }
    let regions = Regions(seed: seed)
    var factDice = (staff: dice(1), fleet: dice(2), catches: dice(3), programs: dice(4), attendance: dice(5))
    let staff = Staff(regions, &factDice.staff)
    let fleet = Groups(staff, &factDice.fleet)
    let programs = Programs(fleet, &factDice.programs)
    tables =
      regions.tables + References.tables + [
        staff.unitTable(dice(11)), staff.officeTable(dice(12)), staff.roleTable(dice(13)),
        staff.employeeTable(dice(14)), staff.officerTable(groups: fleet.countsByOfficer, dice(15)),
        fleet.groupTable(dice(16)), fleet.vesselTable(dice(17)),
        Catches(fleet, &factDice.catches).table(dice(18)),
        programs.aidTable(dice(19)), programs.trainingTable(dice(20)), programs.certificateTable(dice(21)),
        Attendance(staff, &factDice.attendance).table(dice(22)),
      ]
    precondition(tables.count == Country.tableCount)
  }
}
