import BahariClient
import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// Reports through the CLI and the daemon.
  @Suite(.startsDaemons) struct Reports {
    /// A fishery with a little of everything.
    static let sql = """
      INSERT INTO public.mst_upt VALUES (1, 'UPT', 'Pimpinan', 11);
      INSERT INTO public.mst_organisasi (id, level_organisasi, kode_organisasi, nama_organisasi) VALUES (1, 'P', 'A', 'A');
      INSERT INTO public.mst_role (id, level_role, nama_role) VALUES (1, 'a', 'a');
      INSERT INTO public.mst_pegawai (id, nip, nama, email, jabatan, organisasi_id, role_id)
        VALUES (1, '001', 'Ani', 'a@x', 'j', 1, 1);
      INSERT INTO public.mst_penyuluh (id, pegawai_id, upt_id, province_id) VALUES (1, 1, 1, 11);
      INSERT INTO public.mst_kelompok_nelayan
        (id, nib_kelompok, no_registrasi, nama_kelompok, nik_ketua, nama_ketua, upt_id, province_id, penyuluh_id)
        VALUES (12, 'n', 'r', 'Bahagia', '1', 'K', 1, 11, 1);
      INSERT INTO public.mst_kapal (kelompok_nelayan_id, no_registrasi_kapal, nama_kapal, jenis_kapal)
        VALUES (12, 'k1', 'Angsa', 'Motor');
      INSERT INTO public.mst_komoditas (id, kode_komoditas, nama_komoditas, kategori, satuan)
        VALUES (1, 'T', 'Tuna', 'Ikan', 'kg'), (2, 'L', 'Lobster', 'Udang', 'ekor');
      INSERT INTO public.trx_produksi_hasil_tangkapan
        (kelompok_nelayan_id, tanggal_produksi, komoditas_id, jumlah_produksi, satuan, total_nilai) VALUES
        (12, '2026-01-05', 1, 2, 'ton', 60000), (12, '2026-01-06', 1, 500, 'kg', 15000), (12, '2026-02-06', 2, 5, 'ekor', NULL);
      INSERT INTO public.trx_absensi (date, nip, checkin, ci_latitude, ci_longitude, status)
        VALUES ('2026-02-01', '001', '2026-02-01 01:00', 0, 0, 'Masih Berjalan');
      """

    @Test("Tables, CSV and JSON of reports, and the sections of a profile")
    func commandLine() async throws {
      let daemon = try await Daemon.serving(database: "reports_cli")
      try await daemon.sql(Regions.sql + Self.sql)
      let span = ["--from", "2026-01-01", "--to", "2026-12-31"]
      let table = try await daemon.bahari(["report", "produksi"] + span + ["--by", "komoditas"])
      #expect(
        table.output == """
          komoditas_id  komoditas_nama  satuan  jumlah_data  jumlah_produksi  total_nilai  harga_rata_rata
          ------------  --------------  ------  -----------  ---------------  -----------  ---------------
                     2  Lobster         ekor              1             5.00         NULL             NULL
                     1  Tuna            kg                2          2500.00     75000.00            30.00

          """, "\(table.error)")
      let csv = try await daemon.bahari(["report", "produksi", "-o", "csv", "--by=bulan"] + span)
      #expect(
        csv.output == """
          komoditas_id,komoditas_nama,bulan,province_id,province_name,kelompok_nelayan_id,kelompok_nelayan_nama,\
          satuan,jumlah_data,jumlah_produksi,total_nilai,harga_rata_rata
          ,,2026-01,,,,,kg,2,2500.00,75000.00,30.00
          ,,2026-02,,,,,ekor,1,5.00,,

          """, "\(csv.error)")
      let json = try await daemon.bahari("report", "absensi", "--set", "month=2026-02", "-o", "json").json
      let row = try #require((json["data"] as? [[String: Any]])?.first)
      #expect(
        row["nip"] as? String == "001" && row["masih_berjalan"] as? Int == 1 && row["jam_kerja"] as? String == "0.00")
      let never = try await daemon.bahari(
        "report", "cakupan_bantuan", "--tahun", "2026", "--served", "never", "-o", "jsonl")
      #expect(never.output.contains("\"kelompok_nelayan_id\":12"), "\(never.error)")
      let list = try await daemon.bahari("report")
      #expect(
        list.exit == 0 && list.output.contains("cakupan-bantuan") && list.output.contains("any of komoditas,bulan"))
      let profile = try await daemon.bahari("get", "kelompok_nelayan", "12", "--profile", "--date", "2026-02-06")
      for line in ["kelompok_nelayan\n", "\npenyuluh\n", "\nkapal (1)\n", "\nproduksi (2)\n", "\nbantuan (0)\n"] {
        #expect(profile.output.contains(line), "\(line) in \(profile.output) \(profile.error)")
      }
      let whole = try await daemon.bahari("get", "kelompok-nelayan", "12", "--profile", "-o", "json").json
      #expect((whole["data"] as? [String: Any])?["nama_kelompok"] as? String == "Bahagia")
      #expect((whole["kapal"] as? [Any])?.count == 1 && (whole["sertifikasi"] as? [Any])?.isEmpty == true)
      #expect(try await daemon.stop() == 0)
    }

    @Test("Arguments that a report does not take are refused by name")
    func refused() async throws {
      let daemon = try await Daemon.serving(database: "reports_refused")
      for (arguments, exit, text) in [
        (["report", "panen"], 64, "there are: produksi, bantuan"),
        (["report", "produksi"], 64, "date_from: is mandatory and missing"),
        (
          ["report", "produksi", "--from", "2026-01-01", "--to", "2025-01-01"], 64,
          "date_to: must not be before date_from"
        ),
        (["report", "produksi", "--date", "2026-01-01"], 64, "--date is ambiguous: it matches date_from, date_to"),
        (["report", "produksi", "--minggu", "1"], 64, "has no value minggu; it has: date_from"),
        (["report", "absensi", "--month"], 64, "--month has no value"),
        (["report", "cakupan-bantuan", "--tahun", "x"], 64, "--tahun: \"x\" is not a whole number"),
        (["report", "cakupan-bantuan", "--tahun", "2026", "--served", "once"], 64, "is not one of TWICE, NEVER"),
        (["get", "kelompok_nelayan", "5", "--profile"], 66, "no row with id 5"),
        (["get", "kelompok_nelayan", "5", "--profile", "-o", "csv"], 64, "with --profile, -o takes table or json"),
        (["get", "provinsi", "11", "--profile"], 64, "has no method Profile"),
      ] as [([String], Int32, String)] {
        let ran = try await daemon.bahari(arguments)
        #expect(ran.exit == exit && ran.error.contains(text), "\(arguments): \(ran.exit) \(ran.error)")
      }
      // The call is counted as every other.
      let stats = try await daemon.client.stats().data
      #expect(stats.methods.first { $0.method == "bahari.v1.ProduksiHasilTangkapanService/Report" }?.calls == 2)
      #expect(try await daemon.stop() == 0)
    }
  }
}
