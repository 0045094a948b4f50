/// Invented support for groups of fishers: aid, training and certificates.
struct Programs {
  struct Aid {
    let id: Int
    let kind: References.Aid
    let group: Groups.Group
    let day: Day
    let finished: Day?
    /// The quantity, in the unit of this kind of aid.
    let amount: Int

    var status: String {
      if day > Window.today { return "Direncanakan" }
      return finished == nil ? "Disalurkan" : "Selesai"
    }
  }

  struct Training {
    let id: Int
    let kind: References.Training
    let officer: Staff.Officer
    let groups: [Groups.Group]
    let first: Day
    let isCancelled: Bool
    let capacity: Int

    var last: Day { first + (kind.days - 1) }

    var status: String {
      if isCancelled { return "Dibatalkan" }
      if first > Window.today { return "Direncanakan" }
      return last < Window.today ? "Selesai" : "Berlangsung"
    }
  }

  struct Certificate {
    let id: Int
    let kind: References.Certificate
    let group: Groups.Group
    let issued: Day
    let begins: Day
    let isRevoked: Bool

    var ends: Day { begins.adding(years: kind.years) }

    var status: String {
      if isRevoked { return "Dicabut" }
      return ends < Window.today ? "Kadaluarsa" : "Aktif"
    }
  }

  private static let (aidCount, trainingCount, certificateCount) = (3_000, 1_200, 2_000)
  private static let funds = ["APBN", "APBN", "APBD", "APBD", "Swasta"]

  let aids: [Aid]
  let trainings: [Training]
  let certificates: [Certificate]

  init(_ fleet: Groups, _ dice: inout Dice) {
    aids = (1...Programs.aidCount).map { Programs.aid($0, dice.pick(fleet.groups), &dice) }
    let members = Dictionary(grouping: fleet.groups) { $0.officer.id }
    let officers = members.keys.sorted()
    trainings = (1...Programs.trainingCount).map {
      Programs.training($0, members[dice.pick(officers), default: []], &dice)
    }
    certificates = (1...Programs.certificateCount).map { id in
      let issued = Window.day(&dice, from: Day(2022, 7, 1))
      return Certificate(
        id: id, kind: dice.pick(References.certificates), group: dice.pick(fleet.groups), issued: issued,
        begins: issued + dice.below(15), isRevoked: dice.isTrue(percent: 3))
    }
  }

  private static func aid(_ id: Int, _ group: Groups.Group, _ dice: inout Dice) -> Aid {
    let kind = dice.pick(References.aids)
    let day = Window.day(&dice, to: Window.planned)
    let finished = day + dice.below(45)
    return Aid(
      id: id, kind: kind, group: group, day: day, finished: finished <= Window.today ? finished : nil,
      amount: kind.unit == "rupiah" ? (5 + dice.below(46)) * 1_000_000 : 1 + dice.below(12))
  }

  /// Invents a training for some of `members`, which are the groups of one extension officer.
  private static func training(_ id: Int, _ members: [Groups.Group], _ dice: inout Dice) -> Training {
    let from = dice.below(members.count)
    let groups = Array(members[from..<min(from + 1 + dice.below(5), members.count)])
    return Training(
      id: id, kind: dice.pick(References.trainings), officer: members[0].officer, groups: groups,
      first: Window.day(&dice, to: Window.planned), isCancelled: dice.isTrue(percent: 4),
      capacity: groups.count * (8 + dice.below(10)))
  }

  /// Returns the time at which an event planned for `day` was entered: 5 to 44 days before it, but within the demo's
  /// period.
  private static func planning(_ day: Day, _ id: Int) -> Moment {
    let known = min(max(day + -(5 + id % 40), Window.start), Window.today)
    return Moment(known, second: 7_200 + id % 25_000, row: id)
  }

  func aidTable(_ dice: Dice) -> DemoTable {
    DemoTable("trx_bantuan", of: aids, dice) { columns in
      columns.add("id") { aid, _ in aid.id }
      columns.add("no_bantuan") { aid, _ in "BTN/\(aid.day.date.year)/\(digits(aid.id, 5))" }
      columns.add("jenis_bantuan_id") { aid, _ in aid.kind.id }
      columns.add("kelompok_nelayan_id") { aid, _ in aid.group.id }
      columns.add("penyuluh_id") { aid, _ in aid.group.officer.id }
      columns.add("tanggal_penyaluran") { aid, _ in aid.day }
      columns.add("jumlah") { aid, _ in aid.amount }
      columns.add("satuan") { aid, _ in aid.kind.unit }
      columns.add("nilai_bantuan") { aid, _ in aid.amount * aid.kind.value }
      columns.add("sumber_dana") { _, dice in dice.pick(Programs.funds) }
      columns.add("tahun_anggaran") { aid, _ in aid.day.date.year }
      columns.add("status_penyaluran") { aid, _ in aid.status }
      columns.add("tanggal_selesai") { aid, _ in aid.finished }
      columns.addTimes { Programs.planning($0.day, $0.id) }
    }
  }

  func trainingTable(_ dice: Dice) -> DemoTable {
    DemoTable("trx_pelatihan", of: trainings, dice) { columns in
      columns.add("id") { training, _ in training.id }
      columns.add("no_pelatihan") { training, _ in "PLT/\(training.first.date.year)/\(digits(training.id, 5))" }
      columns.add("jenis_pelatihan_id") { training, _ in training.kind.id }
      columns.add("nama_pelatihan") { training, _ in "\(training.kind.name) Angkatan \(1 + training.id % 20)" }
      columns.add("penyelenggara") { training, _ in training.officer.unit.name }
      columns.add("penyuluh_id") { training, _ in training.officer.id }
      columns.add("tanggal_mulai") { training, _ in training.first }
      columns.add("tanggal_selesai") { training, _ in training.last }
      columns.add("lokasi") { training, _ in "Kecamatan \(training.groups[0].district.name)" }
      columns.add("jumlah_peserta") { training, dice in
        ["Selesai", "Berlangsung"].contains(training.status) ? training.capacity - dice.below(8) : 0
      }
      columns.add("target_peserta") { training, _ in training.capacity }
      columns.add("peserta_kelompok") { training, _ in idArray(training.groups.map(\.id)) }
      columns.add("narasumber") { _, dice in Person(bornIn: 1970...1990, womenPercent: 40, &dice).name }
      columns.add("biaya") { training, dice in training.kind.days * training.capacity * (75 + dice.below(100)) * 1_000 }
      columns.add("sumber_dana") { _, dice in dice.pick(Programs.funds) }
      columns.add("status_pelatihan") { training, _ in training.status }
      columns.add("hasil_evaluasi") { training, dice in
        training.status == "Selesai" ? dice.pick(["Baik", "Baik", "Sangat baik", "Cukup"]) : nil
      }
      columns.addTimes { Programs.planning($0.first, $0.id) }
    }
  }

  func certificateTable(_ dice: Dice) -> DemoTable {
    DemoTable("trx_sertifikasi", of: certificates, dice) { columns in
      columns.add("id") { certificate, _ in certificate.id }
      columns.add("no_sertifikat") { certificate, _ in
        "\(certificate.kind.code)/\(certificate.issued.date.year)/\(digits(certificate.id, 5))"
      }
      columns.add("jenis_sertifikasi_id") { certificate, _ in certificate.kind.id }
      columns.add("kelompok_nelayan_id") { certificate, _ in certificate.group.id }
      columns.add("penyuluh_id") { certificate, _ in certificate.group.officer.id }
      columns.add("tanggal_terbit") { certificate, _ in certificate.issued }
      columns.add("tanggal_berlaku") { certificate, _ in certificate.begins }
      columns.add("tanggal_kadaluarsa") { certificate, _ in certificate.ends }
      columns.add("lembaga_penerbit") { certificate, _ in certificate.kind.authority }
      columns.add("status_sertifikat") { certificate, _ in certificate.status }
      columns.addTimes { Programs.planning($0.issued, $0.id) }
    }
  }
}
