/// The regions of a country as large as Indonesia: Indonesia's real provinces, and invented regions below them.
///
/// The same seed gives the same regions, on every machine and in every version of Swift.
package struct Regions: Sendable, Equatable {
  package static let regencyCount = 514
  package static let districtCount = 7_266
  package static let villageCount = 83_467

  package let provinces: [Region]
  package let regencies: [Region]
  package let districts: [Region]
  package let villages: [Region]

  package init(seed: UInt64) {
    var dice = Dice(seed: seed)
    provinces = Province.all.map {
      Region(
        id: $0.id, parent: nil, name: $0.name, alternative: nil, latitude: $0.latitude, longitude: $0.longitude)
    }
    regencies = zip(Province.all, provinces).flatMap { Regions.regencies(of: $0, $1, &dice) }
    districts = Regions.children(of: regencies, Regions.districtCount, least: 3, reach: 0.25, &dice) { regency, place in
      regency.id * 100 + Int64(place + 1)
    }
    villages = Regions.children(of: districts, Regions.villageCount, least: 4, reach: 0.04, &dice) { district, place in
      // The villages of a district are numbered from 1001 in cities, and from 2001 in regencies.
      district.id * 10_000 + (Regions.isCity(district.id / 100) ? 1_001 : 2_001) + Int64(place)
    }
  }

  /// Whether a regency's id is that of a city: the last two digits of cities' ids count from 71.
  static func isCity(_ regency: Int64) -> Bool { regency % 100 > 70 }

  private static func regencies(of province: Province, _ parent: Region, _ dice: inout Dice) -> [Region] {
    let cities = province.regencies / 5
    var names: Set<String> = []
    return (0..<province.regencies).map { place in
      let isCity = place >= province.regencies - cities
      let number = isCity ? 71 + place - (province.regencies - cities) : place + 1
      let name = newName(&names, &dice).uppercased()
      return Region(
        id: parent.id * 100 + Int64(number), parent: parent.id, name: (isCity ? "KOTA " : "KABUPATEN ") + name,
        alternative: isCity ? "" : "KAB. " + name, near: parent, reach: province.reach, &dice)
    }
  }

  /// Invents `total` regions below `parents`, at least `least` below each. `id` returns a region's id for its parent
  /// and its index among the regions below that parent.
  private static func children(
    of parents: [Region], _ total: Int, least: Int, reach: Double, _ dice: inout Dice, id: (Region, Int) -> Int64
  ) -> [Region] {
    let shares = dice.deal(total, to: parents.count, least: least)
    var children: [Region] = []
    children.reserveCapacity(total)
    for (parent, share) in zip(parents, shares) {
      var names: Set<String> = []
      for place in 0..<share {
        children.append(
          Region(
            id: id(parent, place), parent: parent.id, name: newName(&names, &dice), alternative: "", near: parent,
            reach: reach, &dice))
      }
    }
    return children
  }

  /// Invents a name that is not in `taken`, the names of the regions below the same parent, and inserts it there.
  private static func newName(_ taken: inout Set<String>, _ dice: inout Dice) -> String {
    while true {
      let name = Names.place(&dice)
      if taken.insert(name).inserted { return name }
    }
  }
}

extension Regions {
  /// The region tables. A parent's table comes before its children's.
  var tables: [DemoTable] {
    [
      Regions.table("mst_provinsi", provinces, parent: nil),
      Regions.table("mst_kabupaten", regencies, parent: "province_id"),
      Regions.table("mst_kecamatan", districts, parent: "regency_id"),
      Regions.table("mst_desa", villages, parent: "district_id"),
    ]
  }

  private static func table(_ name: String, _ regions: [Region], parent: String?) -> DemoTable {
    DemoTable(name, of: regions, Dice(seed: 0)) { columns in
      columns.add("id") { region, _ in region.id }
      if let parent { columns.add(parent) { region, _ in region.parent } }
      columns.add("name") { region, _ in region.name }
      columns.add("alt_name") { region, _ in region.alternative }
      columns.add("latitude") { region, _ in region.latitude }
      columns.add("longitude") { region, _ in region.longitude }
    }
  }
}
