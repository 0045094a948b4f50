/// The report of a month's attendance per employee. In old data an employee may have two rows for one day: the report
/// counts one day and adds the hours of both rows.
extension Report {
  static let recap = Report(
    entity: "Absensi", method: "Recap", name: "absensi",
    summary: "A month's attendance, one row per employee.",
    message: "Rekap absensi berhasil diambil",
    parameters: [
      ReportParameter(field: "month", kind: .month, isMandatory: true),
      .id("organisasi_id"),
      ReportParameter(field: "nip", kind: .text),
    ],
    parts: [
      ReportPart(
        .sql(
          """
          SELECT to_char($month, 'YYYY-MM') AS bulan, a.nip, e.nama AS pegawai_nama, e.organisasi_id,
            r.nama_organisasi AS organisasi_nama, a.jumlah_hari, a.jam_kerja, a.jam_lembur, a.pulang_awal,
            a.tepat_waktu, a.masih_berjalan
          FROM (
            SELECT nip, count(DISTINCT date) AS jumlah_hari, coalesce(sum(working_hours), 0.00) AS jam_kerja,
              coalesce(sum(total_overtime), 0.00) AS jam_lembur,
              count(*) FILTER (WHERE status = 'Pulang Sebelum Waktunya') AS pulang_awal,
              count(*) FILTER (WHERE status = 'Tepat Waktu') AS tepat_waktu,
              count(*) FILTER (WHERE checkout IS NULL) AS masih_berjalan
            FROM public.trx_absensi
            WHERE date >= $month AND date < ($month + interval '1 month')::date AND ($nip IS NULL OR nip = $nip)
            GROUP BY nip
          ) AS a
          JOIN public.mst_pegawai AS e ON e.nip = a.nip
          LEFT JOIN public.mst_organisasi AS r ON r.id = e.organisasi_id
          WHERE $organisasi_id IS NULL OR e.organisasi_id = $organisasi_id
          ORDER BY e.nama, a.nip
          """))
    ])
}
