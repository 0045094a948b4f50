/// Invented groups of fishers (kelompok nelayan) and their vessels (kapal).
struct Groups {
  struct Group {
    let id: Int
    let name: String
    let officer: Staff.Officer
    let district: Region
    let place: Place
    let business: References.Business?
    /// The id of the parent group; nil if there is none. It is a group of the same province with a lower id, so that
    /// there are no cycles.
    let parent: Int?
  }

  struct Vessel {
    let id: Int
    let group: Group
    let size: VesselSize
  }

  private static let groupCount = 2_400
  private static let vesselCount = 3_600

  private(set) var groups: [Group] = []
  let vessels: [Vessel]

  init(_ staff: Staff, _ dice: inout Dice) {
    // The ids of groups that can be parents of other groups, by the province's id.
    var parents: [Int64: [Int]] = [:]
    for id in 1...Groups.groupCount {
      let officer = dice.pick(staff.officers)
      let district = dice.pick(officer.districts)
      let province = officer.unit.province.id
      let parent = dice.isTrue(percent: 15) ? parents[province].map { dice.pick($0) } : nil
      if parent == nil || dice.isTrue(percent: 20) { parents[province, default: []].append(id) }
      groups.append(
        Group(
          id: id, name: "\(dice.pick(["KUB", "Kelompok Nelayan", "Mina"])) \(Names.place(&dice))", officer: officer,
          district: district, place: Place(near: Place(district), 0.1, &dice), business: Groups.business(&dice),
          parent: parent))
    }
    let fishing = groups.filter { $0.business?.category == "Tangkap" }
    vessels = (1...Groups.vesselCount).map { id in
      Vessel(id: id, group: dice.pick(fishing), size: VesselSize.pick(&dice))
    }
  }

  /// Picks a random kind of business, most often capture fishing. Returns nil for a few groups, as if nobody had
  /// entered it.
  private static func business(_ dice: inout Dice) -> References.Business? {
    if dice.isTrue(percent: 3) { return nil }
    return dice.isTrue(percent: 50) ? References.businesses[0] : dice.pick(References.businesses)
  }
}

extension Groups {
  /// The number of groups that each extension officer is responsible for, by the officer's id.
  var countsByOfficer: [Int: Int] { groups.reduce(into: [:]) { $0[$1.officer.id, default: 0] += 1 } }

  func groupTable(_ dice: Dice) -> DemoTable {
    let count = groups.count
    return DemoTable("mst_kelompok_nelayan", of: groups, dice) { columns in
      // The leader of the row's group. The closure of the first column sets it, and those of later columns use it.
      var leader: Person?
      columns.add("id") { group, dice in
        leader = Person(bornIn: 1960...1998, womenPercent: 12, &dice)
        return group.id
      }
      columns.add("nib_kelompok") { group, dice in
        digits(1 + dice.below(99), 2) + digits(dice.below(100_000), 5) + digits(group.id, 6)
      }
      columns.add("no_registrasi") { group, _ in "KN-\(group.district.id / 10_000)-\(digits(group.id, 6))" }
      columns.add("nama_kelompok") { group, _ in group.name }
      columns.add("nik_ketua") { group, dice in leader?.nik(district: group.district.id, &dice) }
      columns.add("nama_ketua") { _, _ in leader?.name }
      columns.add("upt_id") { group, _ in group.officer.unit.id }
      columns.add("province_id") { group, _ in group.officer.unit.province.id }
      columns.add("penyuluh_id") { group, _ in group.officer.id }
      columns.add("gabungan_kelompok_id") { group, _ in group.parent }
      columns.add("jumlah_anggota") { _, dice in 10 + dice.below(16) }
      columns.add("jenis_usaha_id") { group, _ in group.business?.id }
      columns.add("alamat") { group, _ in "Kecamatan \(group.district.name)" }
      columns.add("no_hp_ketua") { _, dice in Person.phone(&dice) }
      columns.add("tahun_berdiri") { _, dice in 1998 + dice.below(27) }
      columns.add("status_kelompok") { _, dice in
        dice.isTrue(percent: 82) ? "Aktif" : dice.pick(["Tidak Aktif", "Pembinaan"])
      }
      columns.add("luas_lahan") { group, dice in
        group.business?.category == "Budidaya" ? Hundredths(count: 20 + dice.below(1_500)) : nil
      }
      columns.addPlace("koordinat") { group, _ in group.place }
      columns.addTimes { Window.entry($0.id, of: count) }
    }
  }

  func vesselTable(_ dice: Dice) -> DemoTable {
    let count = vessels.count
    return DemoTable("mst_kapal", of: vessels, dice) { columns in
      columns.add("id") { vessel, _ in vessel.id }
      columns.add("kelompok_nelayan_id") { vessel, _ in vessel.group.id }
      columns.add("no_registrasi_kapal") { vessel, _ in
        "KP-\(vessel.group.district.id / 10_000)-\(digits(vessel.id, 6))"
      }
      columns.add("nama_kapal") { _, dice in "KM \(Names.place(&dice)) \(digits(1 + dice.below(99), 2))" }
      columns.add("jenis_kapal") { vessel, _ in vessel.size.kind }
      columns.add("ukuran_gt") { vessel, dice in Hundredths(count: dice.within(vessel.size.tonnage)) }
      columns.add("ukuran_panjang") { vessel, dice in Hundredths(count: dice.within(vessel.size.length)) }
      columns.add("ukuran_lebar") { vessel, dice in Hundredths(count: dice.within(vessel.size.length) / 4) }
      columns.add("mesin_pk") { vessel, dice in 5 + dice.within(vessel.size.tonnage) / 40 }
      columns.add("tahun_pembuatan") { _, dice in 1995 + dice.below(30) }
      columns.add("pelabuhan_pangkalan") { vessel, _ in "PPI \(vessel.group.district.name)" }
      columns.add("status_kapal") { _, dice in
        dice.isTrue(percent: 88) ? "Aktif" : dice.pick(["Tidak Aktif", "Perbaikan"])
      }
      columns.addTimes { Window.entry($0.id, of: count) }
    }
  }
}
