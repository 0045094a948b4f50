/// The report that profiles one group of fishers, with the rows that belong to the group, read in one round trip.
extension Report {
  static let profile = Report(
    entity: "KelompokNelayan", method: "Profile", name: "profil-kelompok",
    summary: "A group with its officer, vessels, catches of a year, aid and certificates.",
    message: "Profil kelompok nelayan berhasil diambil",
    parameters: [.id("id", isMandatory: true), ReportParameter(field: "date", kind: .date())],
    parts: [
      ReportPart(.rows(of: "KelompokNelayan", "WHERE t.id = $id")),
      ReportPart(
        "penyuluh",
        .rows(of: "Penyuluh", "WHERE t.id = (SELECT penyuluh_id FROM public.mst_kelompok_nelayan WHERE id = $id)")),
      ReportPart("kapal", .rows(of: "Kapal", "WHERE t.kelompok_nelayan_id = $id ORDER BY t.nama_kapal, t.id")),
      ReportPart("produksi", .sql(yearOfCatches)),
      ReportPart(
        "bantuan",
        .rows(of: "Bantuan", "WHERE t.kelompok_nelayan_id = $id ORDER BY t.tanggal_penyaluran DESC, t.id DESC")),
      ReportPart(
        "sertifikasi",
        .rows(of: "Sertifikasi", "WHERE t.kelompok_nelayan_id = $id ORDER BY t.tanggal_terbit DESC, t.id DESC")),
    ])

  /// The statement that adds up the group's catches of the twelve months up to and including $date, or today.
  private static let yearOfCatches = """
    SELECT s.komoditas_id, k.nama_komoditas AS komoditas_nama, \(Produksi.sums)
    FROM (
      SELECT p.komoditas_id, \(Produksi.summed)
      FROM public.trx_produksi_hasil_tangkapan AS p
      \(Produksi.units)
      WHERE p.kelompok_nelayan_id = $id AND p.tanggal_produksi <= coalesce($date, current_date)
        AND p.tanggal_produksi > (coalesce($date, current_date) - interval '1 year')::date
      GROUP BY p.komoditas_id, u.satuan
    ) AS s
    JOIN public.mst_komoditas AS k ON k.id = s.komoditas_id
    ORDER BY k.nama_komoditas, s.komoditas_id, s.satuan
    """
}
