import Foundation
import TestSupport
import Testing

@testable import BahariDemo

/// Rules that must hold for every row, computed here from the columns alone.
@Suite("Demo rules", .offPool) struct RulesTests {
  @Test("Values of closed lists are in them")
  func closedLists() {
    let lists: [(String, String, Set<String>)] = [
      ("mst_pegawai", "jenis_kelamin", ["L", "P"]),
      ("mst_kelompok_nelayan", "status_kelompok", ["Aktif", "Tidak Aktif", "Pembinaan"]),
      ("mst_kapal", "status_kapal", ["Aktif", "Tidak Aktif", "Perbaikan"]),
      ("trx_bantuan", "status_penyaluran", ["Direncanakan", "Disalurkan", "Selesai"]),
      ("trx_pelatihan", "status_pelatihan", ["Direncanakan", "Berlangsung", "Selesai", "Dibatalkan"]),
      ("trx_sertifikasi", "status_sertifikat", ["Aktif", "Kadaluarsa", "Dicabut"]),
      ("trx_absensi", "status", ["Masih Berjalan", "Pulang Sebelum Waktunya", "Tepat Waktu", "Lembur"]),
      ("mst_kapal", "jenis_kapal", ["Motor", "Perahu", "Kapal Besar"]),
      ("trx_bantuan", "sumber_dana", ["APBN", "APBD", "Swasta"]),
      ("mst_penyuluh", "spesialisasi", ["Budidaya", "Tangkap", "Pengolahan"]),
    ]
    // Each value occurs: whoever tries the demo's filters finds something.
    for (table, column, values) in lists {
      #expect(Set(Demo[table].map { $0.text(column) }) == values, "\(table).\(column)")
    }
  }

  @Test("Positions lie in Indonesia and its waters, with as many decimals as their columns hold")
  func positions() {
    for (table, rows) in Demo.tables {
      for column in rows.first?.places.keys.filter({ $0.hasSuffix("latitude") || $0.hasSuffix("longitude") }) ?? [] {
        let range = column.hasSuffix("latitude") ? -15.0...10.0 : 90.0...142.0
        #expect(
          rows.allSatisfy { row in
            guard let text = row[column] else { return true }
            return Double(text).map(range.contains) ?? false
              && (text.split(separator: ".").dropFirst().first?.utf8.count ?? 0) <= 8
          }, "\(table).\(column)")
      }
    }
  }

  @Test("No amount or count is negative, and money has two decimals at most")
  func amounts() {
    let columns = [
      "jumlah_kelompok", "jumlah_anggota", "luas_lahan", "ukuran_gt", "ukuran_panjang", "ukuran_lebar", "mesin_pk",
      "harga_pasar_rata", "nilai_estimasi", "jumlah_produksi", "harga_jual", "total_nilai", "jumlah", "nilai_bantuan",
      "jumlah_peserta", "target_peserta", "biaya", "working_hours", "total_overtime",
    ]
    for (table, rows) in Demo.tables {
      for column in columns where table != "mst_jenis_pelatihan" && rows.first?.places[column] != nil {
        #expect(rows.allSatisfy { $0[column] == nil || $0.hundredths(column) >= 0 }, "\(table).\(column)")
      }
    }
  }

  @Test("An employee's number contains the day of birth and the sex")
  func employees() {
    for row in Demo["mst_pegawai"] {
      let (nip, born, joined) = (row.text("nip"), row.text("tanggal_lahir"), row.text("tanggal_bergabung"))
      #expect(nip.utf8.count == 18 && nip.allSatisfy(\.isNumber), "\(nip)")
      #expect(nip.hasPrefix(born.filter { $0 != "-" } + joined.filter { $0 != "-" }.prefix(6)), "\(nip)")
      #expect(nip.dropFirst(14).first == (row.text("jenis_kelamin") == "L" ? "1" : "2"), "\(nip)")
      #expect(born < joined && joined < "2025", "\(nip)")
      #expect(row.text("email").contains("@") && isPhone(row.text("no_hp")))
    }
  }

  private func isPhone(_ text: String) -> Bool { text.hasPrefix("08") && (10...13).contains(text.utf8.count) }

  @Test("Officers and units, groups and officers are of one province; an officer's districts as well")
  func provinces() {
    let (units, officers) = (Demo.byID("mst_upt"), Demo.byID("mst_penyuluh"))
    #expect(Set(units.values.map { $0.int("province_id") }).count == 34)
    let groups = Demo["mst_kelompok_nelayan"]
    for row in Demo["mst_penyuluh"] {
      #expect(units[row.int("upt_id")]?.int("province_id") == row.int("province_id"))
      #expect(row.ids("wilayah_binaan")?.allSatisfy { $0 / 10_000 == row.int("province_id") } == true)
      #expect(row.int("jumlah_kelompok") == groups.count { $0.int("penyuluh_id") == row.int("id") })
    }
    for row in groups {
      let officer = officers[row.int("penyuluh_id")]
      #expect(officer?.int("province_id") == row.int("province_id") && officer?.int("upt_id") == row.int("upt_id"))
    }
  }

  @Test("Groups have numbers of the right form and 10 to 25 members, and none is its own ancestor")
  func groups() {
    let groups = Demo.byID("mst_kelompok_nelayan")
    #expect(groups.values.contains { $0["gabungan_kelompok_id"] != nil })
    for row in groups.values {
      let (nib, nik) = (row.text("nib_kelompok"), row.text("nik_ketua"))
      #expect(nib.utf8.count == 13 && nib.allSatisfy(\.isNumber))
      #expect(nik.utf8.count == 16 && nik.allSatisfy(\.isNumber) && nik.hasPrefix(row.text("province_id")), "\(nik)")
      let day = Int(nik.dropFirst(6).prefix(2)) ?? 0
      #expect((1...31).contains(day) || (41...71).contains(day), "\(nik)")
      #expect((1...12).contains(Int(nik.dropFirst(8).prefix(2)) ?? 0), "\(nik)")
      #expect((10...25).contains(row.int("jumlah_anggota")) && isPhone(row.text("no_hp_ketua")))
      var (ancestor, steps) = (row, 0)
      while let parent = groups[ancestor.int("gabungan_kelompok_id")], steps < groups.count {
        #expect(parent.int("province_id") == row.int("province_id"))
        (ancestor, steps) = (parent, steps + 1)
      }
      #expect(steps < groups.count)
    }
  }

  @Test("Vessels are of every class of tonnage")
  func vessels() {
    let tons = Demo["mst_kapal"].map { $0.hundredths("ukuran_gt") }
    for range in [1..<500, 500..<1_000, 1_000..<3_000, 3_000..<100_000] { #expect(tons.contains { range ~= $0 }) }
  }

  @Test("A catch is worth its amount times its price, in its commodity's unit, by a vessel of its group")
  func catches() {
    let (vessels, commodities, gears) = (
      Demo.byID("mst_kapal"), Demo.byID("mst_komoditas"), Demo.byID("mst_alat_tangkap")
    )
    for row in Demo["trx_produksi_hasil_tangkapan"] {
      let product = row.hundredths("jumlah_produksi") * row.hundredths("harga_jual")
      var isSound = product > 0 && product % 100 == 0 && product / 100 == row.hundredths("total_nilai")
      isSound = isSound && row.hundredths("total_nilai") < 1_000_000_000_000_000
      isSound = isSound && commodities[row.int("komoditas_id")]?["satuan"] == row["satuan"]
      if row["kapal_id"] != nil {
        let vessel = vessels[row.int("kapal_id")]
        isSound = isSound && vessel?["kelompok_nelayan_id"] == row["kelompok_nelayan_id"]
      }
      if let gear = gears[row.int("alat_tangkap_id")] {
        isSound = isSound && gear.ids("target_komoditas")?.contains(row.int("komoditas_id")) == true
      }
      #expect(isSound, "catch \(row.int("id"))")
    }
  }

  @Test("Aid is worth its amount, ends after it begins, and only when it is done")
  func aid() {
    let (kinds, groups) = (Demo.byID("mst_jenis_bantuan"), Demo.byID("mst_kelompok_nelayan"))
    for row in Demo["trx_bantuan"] {
      let kind = kinds[row.int("jenis_bantuan_id")]
      #expect(kind?["satuan"] == row["satuan"])
      #expect(row.int("jumlah") * (kind?.int("nilai_estimasi") ?? 0) == row.int("nilai_bantuan"))
      #expect(row.text("tanggal_penyaluran").hasPrefix(row.text("tahun_anggaran")))
      #expect(groups[row.int("kelompok_nelayan_id")]?["penyuluh_id"] == row["penyuluh_id"])
      #expect((row["tanggal_selesai"] != nil) == (row["status_penyaluran"] == "Selesai"))
      if let finished = row["tanggal_selesai"] { #expect(finished >= row.text("tanggal_penyaluran")) }
      #expect((row.text("tanggal_penyaluran") > "2026-06-30") == (row["status_penyaluran"] == "Direncanakan"))
    }
  }

  @Test("Training lasts as long as its kind, and planned training has no participants")
  func training() throws {
    let kinds = Demo.byID("mst_jenis_pelatihan")
    for row in Demo["trx_pelatihan"] {
      let (first, last) = (try date(row.text("tanggal_mulai")), try date(row.text("tanggal_selesai")))
      let days = Int(last.timeIntervalSince(first) / 86_400) + 1
      #expect(days == kinds[row.int("jenis_pelatihan_id")]?.int("durasi_hari"))
      #expect(row.int("jumlah_peserta") <= row.int("target_peserta"))
      if row["status_pelatihan"] == "Direncanakan" {
        #expect(row.int("jumlah_peserta") == 0 && row.text("tanggal_mulai") > "2026-06-30")
      }
    }
  }

  @Test("A certificate is issued, begins, and ends so many years later")
  func certificates() {
    let kinds = Demo.byID("mst_jenis_sertifikasi")
    for row in Demo["trx_sertifikasi"] {
      let (begins, ends) = (row.text("tanggal_berlaku"), row.text("tanggal_kadaluarsa"))
      let kind = kinds[row.int("jenis_sertifikasi_id")]
      #expect(row.text("tanggal_terbit") <= begins && begins <= ends)
      #expect((Int(begins.prefix(4)) ?? 0) + (kind?.int("masa_berlaku_tahun") ?? 0) == Int(ends.prefix(4)))
      #expect(begins.dropFirst(4) == ends.dropFirst(4) || begins.hasSuffix("-02-29"))
      #expect(kind?["lembaga_penerbit"] == row["lembaga_penerbit"])
      if row["status_sertifikat"] != "Dicabut" {
        #expect((ends < "2026-06-30") == (row["status_sertifikat"] == "Kadaluarsa"))
      }
    }
  }
}

/// Days since 2001, read by a calendar that the generator does not know.
func date(_ text: String) throws -> Date {
  try Date(text, strategy: .iso8601.year().month().day())
}
