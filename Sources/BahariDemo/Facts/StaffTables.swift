/// The tables of the fisheries administration.
extension Staff {
  func unitTable(_ dice: Dice) -> DemoTable {
    DemoTable("mst_upt", of: units, dice) { columns in
      columns.add("id") { unit, _ in unit.id }
      columns.add("nama_organisasi") { unit, _ in unit.name }
      columns.add("pimpinan") { unit, _ in unit.head.name }
      columns.add("province_id") { unit, _ in unit.province.id }
    }
  }

  func officeTable(_ dice: Dice) -> DemoTable {
    let count = offices.count
    return DemoTable("mst_organisasi", of: offices, dice) { columns in
      columns.add("id") { office, _ in office.id }
      columns.add("level_organisasi") { office, _ in office.level }
      columns.add("kode_organisasi") { office, _ in office.code }
      columns.add("nama_organisasi") { office, _ in office.name }
      columns.addTimes { Window.entry($0.id, of: count) }
    }
  }

  func roleTable(_ dice: Dice) -> DemoTable {
    DemoTable("mst_role", of: Role.allCases, dice) { columns in
      columns.add("id") { role, _ in role.rawValue }
      columns.add("level_role") { role, _ in role.labels.level }
      columns.add("nama_role") { role, _ in role.labels.name }
      columns.addTimes { Window.entry($0.rawValue, of: Role.allCases.count) }
    }
  }

  func employeeTable(_ dice: Dice) -> DemoTable {
    let count = employees.count
    return DemoTable("mst_pegawai", of: employees, dice) { columns in
      columns.add("id") { employee, _ in employee.id }
      columns.add("nip") { employee, _ in employee.nip }
      columns.add("nama") { employee, _ in employee.person.name }
      columns.add("email") { employee, _ in
        let name = employee.person.name.lowercased().filter { $0 != "'" }.split(separator: " ").joined(separator: ".")
        return "\(name).\(employee.id)@bahari.example"
      }
      columns.add("jabatan") { employee, _ in employee.role.labels.title }
      columns.add("organisasi_id") { employee, _ in employee.office.id }
      columns.add("role_id") { employee, _ in employee.role.rawValue }
      columns.add("status_aktif") { employee, _ in employee.isActive }
      columns.add("last_login") { employee, dice in
        employee.isActive && dice.isTrue(percent: 80)
          ? Moment(Window.today + -dice.below(30), second: dice.below(36_000)) : nil
      }
      columns.add("no_hp") { _, dice in Person.phone(&dice) }
      columns.add("alamat") { employee, dice in
        "Jl. \(Names.place(&dice)) No. \(1 + dice.below(200))"
          + (employee.office.province.map { ", " + $0.name.capitalizedWords } ?? ", Jakarta")
      }
      columns.add("tanggal_lahir") { employee, _ in employee.person.born }
      columns.add("jenis_kelamin") { employee, _ in employee.person.sex }
      columns.add("pendidikan_terakhir") { _, dice in dice.pick(["SMA", "D3", "S1", "S1", "S1", "S2"]) }
      columns.add("tanggal_bergabung") { employee, _ in employee.appointed }
      columns.addTimes { Window.entry($0.id, of: count) }
    }
  }

  /// Returns the table of extension officers. `groups` has the number of groups that each officer is responsible for,
  /// by the officer's id.
  func officerTable(groups: [Int: Int], _ dice: Dice) -> DemoTable {
    let count = officers.count
    return DemoTable("mst_penyuluh", of: officers, dice) { columns in
      columns.add("id") { officer, _ in officer.id }
      columns.add("pegawai_id") { officer, _ in officer.employee.id }
      columns.add("upt_id") { officer, _ in officer.unit.id }
      columns.add("province_id") { officer, _ in officer.unit.province.id }
      columns.add("jumlah_kelompok") { officer, _ in groups[officer.id] ?? 0 }
      columns.add("program_prioritas") { _, dice in
        dice.pick([
          "Penangkapan Ikan Terukur", "Kampung Nelayan Maju", "Budidaya Rumput Laut", "Kampung Perikanan Budidaya",
        ])
      }
      columns.add("status_aktif") { officer, _ in officer.employee.isActive }
      columns.add("wilayah_binaan") { officer, _ in idArray(officer.districts.map(\.id)) }
      columns.add("spesialisasi") { _, dice in dice.pick(["Budidaya", "Tangkap", "Pengolahan"]) }
      columns.addTimes { Window.entry($0.id, of: count) }
    }
  }
}
