/// The invented fisheries administration: organisations, technical units (UPT), employees and extension officers.
struct Staff {
  struct Office {
    let id: Int
    let level: String
    let code: String
    let name: String
    /// The roles of the organisation's employees, one entry for each employee.
    let roles: [Role]
    let province: Region?
  }

  struct Unit {
    let id: Int
    let name: String
    let province: Region
    let head: Person
  }

  struct Employee {
    let id: Int
    let person: Person
    let appointed: Day
    let role: Role
    let office: Office
    let isActive: Bool
    let workplace: Place
    /// The workplace's time zone as hours ahead of UTC.
    let zone: Int

    var nip: String { person.nip(appointed: appointed, id % 1_000) }
  }

  struct Officer {
    let id: Int
    let employee: Employee
    let unit: Unit
    /// The districts that the officer is responsible for.
    let districts: [Region]
  }

  let offices: [Office]
  private(set) var units: [Unit] = []
  private(set) var employees: [Employee] = []
  private(set) var officers: [Officer] = []

  private static let officersOfUnit = 4

  init(_ regions: Regions, _ dice: inout Dice) {
    offices = Staff.offices(regions)
    for office in offices { for role in office.roles { hire(role, office, &dice) } }
    let dinas = Dictionary(
      uniqueKeysWithValues: offices.compactMap { office in office.province.map { ($0.id, office) } })
    let districts = Dictionary(grouping: regions.districts) { $0.id / 10_000 }
    for (province, parent) in zip(Province.all, regions.provinces) {
      guard let office = dinas[parent.id], let around = districts[parent.id] else { continue }
      for number in 1...(1 + province.regencies / 12) {
        let head = hire(.unitHead, office, &dice)
        let unit = Unit(
          id: units.count + 1, name: "UPT Pelabuhan Perikanan \(province.name.capitalizedWords) \(number)",
          province: parent, head: head.person)
        units.append(unit)
        for _ in 0..<Staff.officersOfUnit {
          let employee = hire(.officer, office, &dice)
          let own = (0...dice.below(4)).map { _ in dice.pick(around) }
          let unique = Dictionary(own.map { ($0.id, $0) }) { first, _ in first }.values.sorted { $0.id < $1.id }
          officers.append(Officer(id: officers.count + 1, employee: employee, unit: unit, districts: unique))
        }
      }
    }
  }

  private static func offices(_ regions: Regions) -> [Office] {
    let central = [
      ("KKP", "Kementerian Kelautan dan Perikanan"), ("DJPT", "Direktorat Jenderal Perikanan Tangkap"),
      ("DJPB", "Direktorat Jenderal Perikanan Budidaya"), ("BPPSDM", "Badan Penyuluhan dan Pengembangan SDM"),
    ].map { ("Pusat", $0, $1, [Role.administrator, .analyst, .analyst, .analyst], Region?.none) }
    let local = regions.provinces.map { province in
      (
        "Provinsi", "DKP-\(province.id)", "Dinas Kelautan dan Perikanan \(province.name.capitalizedWords)",
        [Role.officeHead, .clerk, .clerk], Region?.some(province)
      )
    }
    return (central + local).enumerated().map { place, office in
      Office(
        id: place + 1, level: office.0, code: office.1, name: office.2, roles: office.3, province: office.4)
    }
  }

  @discardableResult
  private mutating func hire(_ role: Role, _ office: Office, _ dice: inout Dice) -> Employee {
    let person = Person(bornIn: 1968...1996, womenPercent: 38, &dice)
    let capital = Place(latitude: -6.1751, longitude: 106.865)
    let employee = Employee(
      id: employees.count + 1, person: person,
      appointed: Day(person.born.date.year + 23 + dice.below(6), 1 + dice.below(12), 1),
      role: role, office: office, isActive: dice.isTrue(percent: 96),
      workplace: Place(near: office.province.map(Place.init) ?? capital, 0.05, &dice),
      zone: office.province.map { Province.zone(of: $0.id) } ?? 7)
    employees.append(employee)
    return employee
  }
}
