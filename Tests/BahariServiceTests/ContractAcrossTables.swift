import BahariFrame
import Testing

@testable import BahariService

@Suite("Contract: across tables", .contract) struct ContractAcrossTables {
  /// A group with its kind of business, its vessel, a catch, aid, a training and a certificate. Each is made after
  /// what it refers to, keeps that from being deleted, and names it.
  @Test("a group with everything that refers to it: names of referred rows, and no delete of rows in use")
  func story() async throws {
    let subject = try await Subject.alone("mst_kelompok_nelayan")
    let (bench, maker) = (subject.bench, subject.maker)
    let made = [
      "mst_jenis_usaha", "mst_kelompok_nelayan", "mst_kapal", "mst_komoditas", "trx_produksi_hasil_tangkapan",
      "trx_bantuan", "trx_pelatihan", "trx_sertifikasi",
    ]
    for table in made { _ = try await maker.parent(table) }
    func read(_ table: String) async throws -> Fields {
      let id = try #require(maker.parents[table]?.number("id"))
      let row = try await bench.exchange(table, .get, ["id": [.number(id)]]).message("data")
      let listed = try await bench.exchange(table, .list, [:]).messages("data")
      #expect(listed == [row])
      return try #require(row)
    }
    func refuse(_ table: String) async throws {
      let id = try #require(maker.parents[table]?["id"])
      let status = await #expect(throws: Status.self, "\(table)") {
        _ = try await bench.exchange(table, .delete, ["id": id, "cascade": [.number(1)]])
      }
      #expect(status?.metadata["response_code"] == "4090000" && status?.code == .failedPrecondition)
    }
    #expect(try await read("mst_kelompok_nelayan").text("jenis_usaha_nama") == "nama_jenis_usaha é0")
    #expect(try await read("mst_kapal").text("kelompok_nelayan_nama") == "nama_kelompok é0")
    let caught = try await read("trx_produksi_hasil_tangkapan")
    #expect(caught.text("kapal_nama") == "nama_kapal é0" && caught.text("komoditas_nama") == "nama_komoditas é0")
    #expect(caught.text("alat_tangkap_nama") == "nama_alat_tangkap é0")
    for table in ["trx_produksi_hasil_tangkapan", "trx_bantuan", "trx_sertifikasi"] {
      #expect(try await read(table).text("kelompok_nelayan_nama") == "nama_kelompok é0")
    }
    for kind in ["bantuan", "pelatihan", "sertifikasi"] {
      let row = try await read("trx_\(kind)")
      #expect(row.text("jenis_\(kind)_nama") == "nama_jenis_\(kind) é0" && row.text("penyuluh_nama") == "nama é0")
    }
    // From rows without references to them back to the provinces: each goes only after the rows that refer to it.
    let order = [
      "trx_produksi_hasil_tangkapan", "trx_bantuan", "trx_pelatihan", "trx_sertifikasi", "mst_kapal", "mst_komoditas",
      "mst_alat_tangkap", "mst_jenis_bantuan", "mst_jenis_pelatihan", "mst_jenis_sertifikasi",
      "mst_kelompok_nelayan", "mst_jenis_usaha", "mst_penyuluh", "mst_pegawai", "mst_organisasi", "mst_role", "mst_upt",
      "mst_provinsi",
    ]
    #expect(Set(order) == Set(maker.parents.keys))
    for (place, table) in order.enumerated() {
      let rest = Set(order[(place + 1)...])
      for key in try bench.resource(table).live.foreignKeys where rest.contains(key.target) {
        try await refuse(key.target)
      }
      let id = try #require(maker.parents[table]?["id"])
      _ = try await bench.exchange(table, .delete, ["id": id])
    }
  }
}
