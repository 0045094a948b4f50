import TestSupport
import Testing

@testable import BahariDemo

/// The design's sample rows, in the columns and the order in which it prints them.
@Suite("Demo samples", .offPool) struct SampleTests {
  private struct Sample: Sendable, CustomTestStringConvertible {
    let table: String
    let columns: [String]
    let rows: [String]

    var testDescription: String { table }
  }

  private static let samples = [
    Sample(
      table: "mst_jenis_usaha", columns: ["kode_jenis_usaha", "nama_jenis_usaha", "kategori"],
      rows: [
        "JU001 | Penangkapan Ikan Laut | Tangkap", "JU002 | Budidaya Ikan Air Tawar | Budidaya",
        "JU003 | Pengolahan Ikan | Pengolahan", "JU004 | Budidaya Rumput Laut | Budidaya",
      ]),
    Sample(
      table: "mst_komoditas", columns: ["kode_komoditas", "nama_komoditas", "nama_ilmiah", "kategori", "satuan"],
      rows: [
        "KOM001 | Ikan Tuna | Thunnus | Ikan | kg", "KOM002 | Udang Vaname | Litopenaeus vannamei | Udang | kg",
        "KOM003 | Rumput Laut | Eucheuma cottonii | Rumput Laut | kg",
      ]),
    Sample(
      table: "mst_alat_tangkap", columns: ["kode_alat_tangkap", "nama_alat_tangkap", "jenis"],
      rows: ["AT001 | Jaring Insang | Jaring", "AT002 | Pancing Tonda | Pancing", "AT003 | Bubu | Perangkap"]),
    Sample(
      table: "mst_jenis_bantuan", columns: ["kode_jenis_bantuan", "nama_jenis_bantuan", "kategori", "satuan"],
      rows: [
        "BT001 | Bantuan Alat Tangkap | Alat | unit", "BT002 | Bantuan Modal Usaha | Modal | rupiah",
        "BT003 | Bantuan Benih Ikan | Benih | paket",
      ]),
    Sample(
      table: "mst_jenis_pelatihan",
      columns: ["kode_jenis_pelatihan", "nama_jenis_pelatihan", "kategori", "durasi_hari", "target_peserta"],
      rows: [
        "PL001 | Pelatihan Budidaya Ikan Nila | Teknis | 3 | Pembudidaya",
        "PL002 | Pelatihan Manajemen Kelompok | Manajemen | 2 | Semua",
        "PL003 | Pelatihan Pengolahan Ikan | Pengolahan | 5 | Pengolah",
      ]),
    Sample(
      table: "mst_jenis_sertifikasi",
      columns: [
        "kode_jenis_sertifikasi", "nama_jenis_sertifikasi", "kategori", "lembaga_penerbit", "masa_berlaku_tahun",
      ],
      rows: [
        "SR001 | Sertifikat CBIB | Produk | KKP | 2", "SR002 | Sertifikat Kompetensi Nelayan | Kompetensi | BNSP | 3",
        "SR003 | Sertifikat Halal | Produk | MUI | 2",
      ]),
  ]

  @Test("The rows are there to the letter, and no others", arguments: samples)
  private func toTheLetter(_ sample: Sample) {
    let rows = Demo[sample.table].map { row in sample.columns.map { row.text($0) }.joined(separator: " | ") }
    #expect(rows == sample.rows)
  }

  @Test("There are 19") func count() { #expect(SampleTests.samples.reduce(0) { $0 + $1.rows.count } == 19) }
}
