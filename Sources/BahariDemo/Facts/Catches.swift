/// Invented catches of fishing groups and harvests of fish farms, in ascending order of the days.
struct Catches {
  struct Catch {
    let id: Int
    let group: Groups.Group
    let vessel: Groups.Vessel?
    let day: Day
    let commodity: References.Commodity
    let gear: References.Gear?
    let place: Place
    /// The quantity, in hundredths of the commodity's unit, such as kilograms.
    let amount: Int
    /// The price of one unit in whole rupiah, so that quantity times price has at most two decimals.
    let price: Int
  }

  private static let count = 60_000

  let catches: [Catch]

  init(_ fleet: Groups, _ dice: inout Dice) {
    let farms = fleet.groups.filter { $0.business?.category == "Budidaya" }
    let days = (0..<Catches.count).map { _ in Window.day(&dice) }.sorted()
    catches = days.enumerated().map { place, day in
      dice.isTrue(percent: 85)
        ? Catches.voyage(place + 1, day, dice.pick(fleet.vessels), &dice)
        : Catches.harvest(place + 1, day, dice.pick(farms), &dice)
    }
  }

  private static func voyage(_ id: Int, _ day: Day, _ vessel: Groups.Vessel, _ dice: inout Dice) -> Catch {
    let gear = dice.pick(References.gears)
    let target = dice.pick(gear.targets)
    // The distance from home within which the vessel fishes, in degrees. It is longer for larger vessels.
    let reach = 0.2 + Double(vessel.size.haul.lowerBound) / 2_000
    return Catch(
      id: id, group: vessel.group, vessel: vessel, day: day, commodity: References.commodities[target - 1], gear: gear,
      place: Place(near: vessel.group.place, reach, &dice),
      amount: dice.within(vessel.size.haul) * 100 + dice.below(100),
      price: price(References.commodities[target - 1], &dice))
  }

  /// Invents a harvest: of seaweed for groups whose business is seaweed, otherwise of shrimp.
  private static func harvest(_ id: Int, _ day: Day, _ group: Groups.Group, _ dice: inout Dice) -> Catch {
    let commodity = References.commodities[group.business?.code == "JU004" ? 2 : 1]
    return Catch(
      id: id, group: group, vessel: nil, day: day, commodity: commodity, gear: nil, place: group.place,
      amount: 10_000 + dice.below(400_000), price: price(commodity, &dice))
  }

  /// A random price: the commodity's market price plus or minus up to a fifth, in steps of 100 rupiah.
  private static func price(_ commodity: References.Commodity, _ dice: inout Dice) -> Int {
    commodity.price * (80 + dice.below(41)) / 10_000 * 100
  }

  func table(_ dice: Dice) -> DemoTable {
    DemoTable("trx_produksi_hasil_tangkapan", of: catches, dice) { columns in
      columns.add("id") { caught, _ in caught.id }
      columns.add("kelompok_nelayan_id") { caught, _ in caught.group.id }
      columns.add("kapal_id") { caught, _ in caught.vessel?.id }
      columns.add("tanggal_produksi") { caught, _ in caught.day }
      columns.add("komoditas_id") { caught, _ in caught.commodity.id }
      columns.add("alat_tangkap_id") { caught, _ in caught.gear?.id }
      columns.add("jumlah_produksi") { caught, _ in Hundredths(count: caught.amount) }
      columns.add("satuan") { caught, _ in caught.commodity.unit }
      columns.add("harga_jual") { caught, _ in Hundredths(count: caught.price * 100) }
      columns.add("total_nilai") { caught, _ in Hundredths(count: caught.amount * caught.price) }
      columns.add("lokasi_penangkapan") { caught, _ in
        caught.vessel.map { _ in FishingArea.nearest(caught.place) } ?? "Kecamatan \(caught.group.district.name)"
      }
      columns.addPlace("koordinat") { caught, _ in caught.place }
      columns.addTimes { Moment($0.day, second: 36_000 + $0.id % 7_200, row: $0.id) }
    }
  }
}
