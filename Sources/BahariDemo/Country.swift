/// A made-up country's fisheries: rows for all tables from a seed, the same on every machine and any day.
///
/// To add a table: its facts in the domain's file, its columns there, and its place in `tables`.
package struct Country {
  /// Known without making them, which takes a moment.
  package static let tableCount = 22

  /// Those referred to before those that refer to them.
  package let tables: [DemoTable]

  package init(seed: UInt64) {
    // Dice of its own for each domain and each table: what one throws does not change the others.
    func dice(_ number: UInt64) -> Dice { Dice(seed: seed << 8 | number) }
    let regions = Regions(seed: seed)
    var throwing = (staff: dice(1), fleet: dice(2), catches: dice(3), programs: dice(4), attendance: dice(5))
    let staff = Staff(regions, &throwing.staff)
    let fleet = Groups(staff, &throwing.fleet)
    let programs = Programs(fleet, &throwing.programs)
    tables =
      regions.tables + References.tables + [
        staff.unitTable(dice(11)), staff.officeTable(dice(12)), staff.roleTable(dice(13)),
        staff.employeeTable(dice(14)), staff.officerTable(groups: fleet.countsByOfficer, dice(15)),
        fleet.groupTable(dice(16)), fleet.vesselTable(dice(17)),
        Catches(fleet, &throwing.catches).table(dice(18)),
        programs.aidTable(dice(19)), programs.trainingTable(dice(20)), programs.certificateTable(dice(21)),
        Attendance(staff, &throwing.attendance).table(dice(22)),
      ]
    precondition(tables.count == Country.tableCount)
  }
}
