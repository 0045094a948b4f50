/// The report that lists trainings by day, each with the other trainings that its officer has at the same time.
extension Report {
  static let schedule = Report(
    entity: "Pelatihan", method: "Schedule", name: "pelatihan",
    summary: "Training on any day between two days, and which of it an officer has at the same time.",
    message: "Jadwal pelatihan berhasil diambil",
    parameters: ReportParameter.span + [.id("penyuluh_id")],
    parts: [
      ReportPart(
        .sql(
          """
          SELECT t.id, t.no_pelatihan, t.nama_pelatihan, t.tanggal_mulai, t.tanggal_selesai, t.lokasi,
            t.status_pelatihan, t.penyuluh_id, e.nama AS penyuluh_nama,
            (SELECT json_agg(o.id ORDER BY o.id)::text FROM public.trx_pelatihan AS o
              WHERE o.penyuluh_id = t.penyuluh_id AND o.id <> t.id
                AND o.tanggal_mulai <= t.tanggal_selesai AND o.tanggal_selesai >= t.tanggal_mulai
                AND o.status_pelatihan <> 'Dibatalkan' AND t.status_pelatihan <> 'Dibatalkan') AS bentrok
          FROM public.trx_pelatihan AS t
          LEFT JOIN public.mst_penyuluh AS y ON y.id = t.penyuluh_id
          LEFT JOIN public.mst_pegawai AS e ON e.id = y.pegawai_id
          WHERE t.tanggal_mulai <= $date_to AND t.tanggal_selesai >= $date_from
            AND ($penyuluh_id IS NULL OR t.penyuluh_id = $penyuluh_id)
          ORDER BY t.tanggal_mulai, t.tanggal_selesai, t.id
          """))
    ])
}
