import TestSupport
import Testing

@testable import BahariDemo

/// All tables' rows: the same for the same seed, enough, and of one piece.
@Suite("Demo tables", .offPool) struct TablesTests {
  /// FNV-1a over all values of a table.
  private func checksum(_ rows: [Row]?) -> UInt64 {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    for value in (rows ?? []).lazy.flatMap(\.values) {
      for byte in (value ?? "\\N").utf8 { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
      sum = (sum ^ 0xff) &* 0x100_0000_01b3
    }
    return sum
  }

  @Test("A seed gives the same rows in every run, and another seed others") func seeds() {
    let other = Demo.rows(seed: 2)
    var all: UInt64 = 0
    for (table, rows) in Demo.tables.sorted(by: { $0.key < $1.key }) {
      let sum = checksum(rows)
      all = all &* 31 &+ sum
      let isGiven =
        table.hasPrefix("mst_jenis_") || ["mst_komoditas", "mst_alat_tangkap", "mst_provinsi"].contains(table)
      // Offices and roles are the same, too.
      if isGiven || ["mst_organisasi", "mst_role"].contains(table) {
        #expect(checksum(other[table]) == sum, "\(table)")
      } else {
        #expect(checksum(other[table]) != sum, "\(table)")
      }
    }
    // Another process, another day: a change of the generator changes this number, and nothing else does.
    #expect(all == 15_326_609_572_551_968_653)
  }

  @Test("There are enough rows, and a table's count is right")
  func counts() {
    let least = [
      "mst_provinsi": 34, "mst_kabupaten": 514, "mst_kecamatan": 7_266, "mst_desa": 83_467, "mst_upt": 34,
      "mst_organisasi": 35, "mst_role": 5, "mst_pegawai": 300, "mst_penyuluh": 100, "mst_kelompok_nelayan": 2_000,
      "mst_kapal": 3_000, "mst_jenis_usaha": 4, "mst_komoditas": 3, "mst_alat_tangkap": 3, "mst_jenis_bantuan": 3,
      "mst_jenis_pelatihan": 3, "mst_jenis_sertifikasi": 3, "trx_absensi": 100_000,
      "trx_produksi_hasil_tangkapan": 50_000, "trx_bantuan": 1_000, "trx_pelatihan": 500, "trx_sertifikasi": 1_000,
    ]
    #expect(Set(least.keys) == Set(Demo.tables.keys))
    for (table, count) in least { #expect(Demo[table].count >= count, "\(table)") }
    for table in Country(seed: 1).tables { #expect(table.count == Demo[table.name].count, "\(table.name)") }
  }

  @Test("Ids and natural keys are unique, and ids ascend", arguments: Demo.tables.keys.sorted())
  func unique(_ table: String) {
    let rows = Demo[table]
    let ids = rows.map { $0.int("id") }
    #expect(Set(ids).count == ids.count && ids.allSatisfy { $0 > 0 } && ids == ids.sorted())
    let keys = [
      "nip", "email", "nib_kelompok", "no_registrasi", "no_registrasi_kapal", "no_bantuan", "no_pelatihan",
      "no_sertifikat", "kode_organisasi",
    ]
    for key in keys where rows.first?[key] != nil && table != "trx_absensi" {
      #expect(Set(rows.map { $0.text(key) }).count == rows.count, "\(key)")
    }
  }

  @Test("Every reference leads to a row")
  func references() {
    let targets = [
      "province_id": "mst_provinsi", "regency_id": "mst_kabupaten", "district_id": "mst_kecamatan", "upt_id": "mst_upt",
      "organisasi_id": "mst_organisasi", "role_id": "mst_role", "pegawai_id": "mst_pegawai",
      "penyuluh_id": "mst_penyuluh", "gabungan_kelompok_id": "mst_kelompok_nelayan",
      "kelompok_nelayan_id": "mst_kelompok_nelayan", "kapal_id": "mst_kapal", "jenis_usaha_id": "mst_jenis_usaha",
      "komoditas_id": "mst_komoditas", "alat_tangkap_id": "mst_alat_tangkap", "jenis_bantuan_id": "mst_jenis_bantuan",
      "jenis_pelatihan_id": "mst_jenis_pelatihan", "jenis_sertifikasi_id": "mst_jenis_sertifikasi",
    ]
    let lists = [
      "wilayah_binaan": "mst_kecamatan", "target_komoditas": "mst_komoditas",
      "peserta_kelompok": "mst_kelompok_nelayan",
    ]
    let ids = Demo.tables.mapValues { Set($0.map { $0.int("id") }) }
    var found: Set<String> = []
    for (table, rows) in Demo.tables {
      let columns = rows.first?.places.keys.filter { $0.hasSuffix("_id") || lists[$0] != nil } ?? []
      for column in columns {
        found.insert(column)
        guard let target = (targets[column] ?? lists[column]).flatMap({ ids[$0] }) else {
          Issue.record("\(table).\(column) leads nowhere")
          continue
        }
        #expect(
          rows.allSatisfy { row in
            if lists[column] != nil { return row.ids(column).map { !$0.isEmpty && target.isSuperset(of: $0) } ?? false }
            return row[column] == nil || target.contains(row.int(column))
          }, "\(table).\(column)")
      }
    }
    #expect(found == Set(targets.keys).union(lists.keys))
    let numbers = Set(Demo["mst_pegawai"].map { $0.text("nip") })
    #expect(Demo["trx_absensi"].allSatisfy { numbers.contains($0.text("nip")) })
  }

  @Test("Rows were made at times of the window, no two of a table at one", arguments: Demo.tables.keys.sorted())
  func times(_ table: String) {
    let rows = Demo[table].filter { $0.places["created_at"] != nil }
    let times = rows.map { $0.text("created_at") }
    #expect(Set(times).count == rows.count)
    #expect(times.allSatisfy { $0 >= "2025-01-01 00:00:00" && $0 < "2026-07-01" })
    #expect(rows.allSatisfy { $0.text("updated_at") >= $0.text("created_at") && $0.text("updated_at") < "2026-07-01" })
  }
}
