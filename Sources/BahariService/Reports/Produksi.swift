/// The report of catches, added up by the dimensions that the caller chooses and always by unit.
extension Report {
  static let produksi = Report(
    entity: "ProduksiHasilTangkapan", method: "Report", name: "produksi",
    summary: "What was caught between two days, by any of commodity, month, province and group.",
    message: "Laporan produksi hasil tangkapan berhasil diambil",
    parameters: ReportParameter.span + [
      ReportParameter(
        field: "group_by", kind: .choices(["komoditas", "bulan", "provinsi", "kelompok"]), fallback: "komoditas,bulan"),
      .id("province_id"), .id("kelompok_nelayan_id"), .id("komoditas_id"),
    ],
    parts: [
      ReportPart(
        .sql(
          """
          SELECT s.komoditas_id, k.nama_komoditas AS komoditas_nama, to_char(s.bulan, 'YYYY-MM') AS bulan,
            s.province_id, v.name AS province_name, s.kelompok_nelayan_id, n.nama_kelompok AS kelompok_nelayan_nama,
            \(Produksi.sums)
          FROM (
            SELECT CASE WHEN $group_by_komoditas THEN p.komoditas_id END AS komoditas_id,
              CASE WHEN $group_by_bulan THEN date_trunc('month', p.tanggal_produksi::timestamp)::date END AS bulan,
              CASE WHEN $group_by_provinsi THEN g.province_id END AS province_id,
              CASE WHEN $group_by_kelompok THEN p.kelompok_nelayan_id END AS kelompok_nelayan_id,
              \(Produksi.summed)
            FROM public.trx_produksi_hasil_tangkapan AS p
            JOIN public.mst_kelompok_nelayan AS g ON g.id = p.kelompok_nelayan_id
            \(Produksi.units)
            WHERE p.tanggal_produksi BETWEEN $date_from AND $date_to
              AND ($province_id IS NULL OR g.province_id = $province_id)
              AND ($kelompok_nelayan_id IS NULL OR p.kelompok_nelayan_id = $kelompok_nelayan_id)
              AND ($komoditas_id IS NULL OR p.komoditas_id = $komoditas_id)
            GROUP BY 1, 2, 3, 4, u.satuan
          ) AS s
          LEFT JOIN public.mst_komoditas AS k ON k.id = s.komoditas_id
          LEFT JOIN public.mst_provinsi AS v ON v.id = s.province_id
          LEFT JOIN public.mst_kelompok_nelayan AS n ON n.id = s.kelompok_nelayan_id
          ORDER BY s.bulan, v.name, s.province_id, n.nama_kelompok, s.kelompok_nelayan_id, k.nama_komoditas,
            s.komoditas_id, s.satuan
          """))
    ])
}

/// SQL fragments that add up catches. The table of catches has the alias `p`.
enum Produksi {
  /// SQL that normalizes the unit and quantity of a catch. Users type units freely, so case and surrounding blanks are
  /// ignored; tons are converted to kg, and every other unit is kept.
  static let units = """
    CROSS JOIN LATERAL (SELECT lower(btrim(p.satuan)) AS own) AS w
    CROSS JOIN LATERAL (
      SELECT CASE w.own WHEN 'ton' THEN 'kg' ELSE w.own END AS satuan,
        CASE w.own WHEN 'ton' THEN 1000 ELSE 1 END * p.jumlah_produksi AS jumlah,
        coalesce(p.total_nilai, p.jumlah_produksi * p.harga_jual) AS nilai
    ) AS u
    """

  /// The aggregates in the inner query, which groups the catches.
  static let summed = """
    u.satuan, count(*) AS jumlah_data, sum(u.jumlah) AS jumlah, sum(u.nilai) AS nilai,
    sum(u.jumlah) FILTER (WHERE u.nilai IS NOT NULL) AS dinilai
    """

  /// The result columns, computed from the inner query, which has the alias `s`. Catches without a value are left out
  /// of the average price, because they would make it too low.
  static let sums = """
    s.satuan, s.jumlah_data, round(s.jumlah, 2) AS jumlah_produksi, round(s.nilai, 2) AS total_nilai,
    round(s.nilai / nullif(s.dinilai, 0), 2) AS harga_rata_rata
    """
}
