import BahariCatalog
import BahariClient
import TestSupport

@testable import BahariService

extension Fishery {
  /// The tables with the fishery in them, and with no transactions yet.
  static func bench(_ name: String, _ tables: [Table] = Catalog.tables) async throws -> ServiceBench {
    try await ServiceBench(name, tables, sql: Regions.sql + masters)
  }

  static func catching(_ kapal: Int32 = 15, harga: String? = "2.55") -> Bahari_V1_CreateProduksiHasilTangkapanRequest {
    .with { request in
      request.data.kelompokNelayanID = 1
      request.data.kapalID = kapal
      (request.data.komoditasID, request.data.tanggalProduksi) = (1, "2026-01-02")
      (request.data.jumlahProduksi, request.data.satuan) = ("10.5", "kg")
      if let harga { request.data.hargaJual = harga }
    }
  }

  static func aid(_ number: String) -> Bahari_V1_CreateBantuanRequest {
    .with { request in
      request.data.noBantuan = number
      (request.data.jenisBantuanID, request.data.kelompokNelayanID, request.data.penyuluhID) = (1, 1, 1)
      (request.data.tanggalPenyaluran, request.data.jumlah, request.data.satuan) = ("2026-03-01", "1", "unit")
      (request.data.nilaiBantuan, request.data.tahunAnggaran) = ("100", 2026)
    }
  }

  static func day(_ date: String, _ hours: Double?) -> Bahari_V1_CreateAbsensiRequest {
    .with { request in
      (request.data.nip, request.data.date) = (nip, date)
      (request.data.ciLatitude, request.data.ciLongitude) = ("-5", "105")
      request.data.checkin.seconds = 1_767_225_600
      if let hours { request.data.checkout.seconds = 1_767_225_600 + Int64(hours * 3600) }
    }
  }
}
