/// Two reports about aid: totals of the aid given, and groups that received aid twice or more, or never.
extension Report {
  static let bantuan = Report(
    entity: "Bantuan", method: "Report", name: "bantuan",
    summary: "Aid by any of budget year, status, type and source.",
    message: "Laporan bantuan berhasil diambil",
    parameters: [
      ReportParameter(
        field: "group_by", kind: .choices(["tahun", "status", "jenis", "sumber"]), fallback: "tahun,status"),
      ReportParameter(field: "tahun_anggaran", kind: .number(1...9999)),
      .id("province_id"),
    ],
    parts: [
      ReportPart(
        .sql(
          """
          SELECT s.tahun_anggaran, s.status_penyaluran, s.jenis_bantuan_id, j.nama_jenis_bantuan AS jenis_bantuan_nama,
            s.sumber_dana, s.jumlah_data, s.jumlah_kelompok, s.total_nilai
          FROM (
            SELECT CASE WHEN $group_by_tahun THEN b.tahun_anggaran END AS tahun_anggaran,
              CASE WHEN $group_by_status THEN b.status_penyaluran END AS status_penyaluran,
              CASE WHEN $group_by_jenis THEN b.jenis_bantuan_id END AS jenis_bantuan_id,
              CASE WHEN $group_by_sumber THEN b.sumber_dana END AS sumber_dana,
              count(*) AS jumlah_data, count(DISTINCT b.kelompok_nelayan_id) AS jumlah_kelompok,
              sum(b.nilai_bantuan) AS total_nilai
            FROM public.trx_bantuan AS b
            JOIN public.mst_kelompok_nelayan AS g ON g.id = b.kelompok_nelayan_id
            WHERE ($tahun_anggaran IS NULL OR b.tahun_anggaran = $tahun_anggaran)
              AND ($province_id IS NULL OR g.province_id = $province_id)
            GROUP BY 1, 2, 3, 4
          ) AS s
          LEFT JOIN public.mst_jenis_bantuan AS j ON j.id = s.jenis_bantuan_id
          ORDER BY s.tahun_anggaran, s.status_penyaluran, j.nama_jenis_bantuan, s.jenis_bantuan_id, s.sumber_dana
          """))
    ])

  /// The parameter `served` is an enumeration: 0 is TWICE (twice or more), 1 is NEVER.
  static let coverage = Report(
    entity: "Bantuan", method: "Coverage", name: "cakupan-bantuan",
    summary: "Groups that a budget year served twice or more, or never.",
    message: "Cakupan bantuan berhasil diambil",
    parameters: [
      ReportParameter(field: "tahun_anggaran", kind: .number(1...9999), isMandatory: true),
      ReportParameter(field: "served", kind: .enumeration, isMandatory: true),
      .id("province_id"),
    ],
    parts: [
      ReportPart(
        .sql(
          """
          SELECT g.id AS kelompok_nelayan_id, g.nama_kelompok AS kelompok_nelayan_nama, g.province_id,
            v.name AS province_name, coalesce(b.jumlah, 0) AS jumlah_bantuan, coalesce(b.nilai, 0.00) AS total_nilai
          FROM public.mst_kelompok_nelayan AS g
          LEFT JOIN (
            SELECT kelompok_nelayan_id, count(*) AS jumlah, sum(nilai_bantuan) AS nilai
            FROM public.trx_bantuan
            WHERE tahun_anggaran = $tahun_anggaran AND status_penyaluran <> 'Direncanakan'
            GROUP BY kelompok_nelayan_id
          ) AS b ON b.kelompok_nelayan_id = g.id
          LEFT JOIN public.mst_provinsi AS v ON v.id = g.province_id
          WHERE CASE $served WHEN 0 THEN b.jumlah >= 2 ELSE b.jumlah IS NULL END
            AND ($province_id IS NULL OR g.province_id = $province_id)
          ORDER BY b.jumlah DESC, b.nilai DESC, g.nama_kelompok, g.id
          """))
    ])
}
