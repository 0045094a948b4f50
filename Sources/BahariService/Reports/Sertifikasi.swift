/// The report of certificates that are about to expire.
extension Report {
  static let expiring = Report(
    entity: "Sertifikasi", method: "Expiring", name: "sertifikasi",
    summary: "Certificates in force that expire within some days of a day.",
    message: "Daftar sertifikat yang akan kadaluarsa berhasil diambil",
    parameters: [
      ReportParameter(field: "date", kind: .date(), isMandatory: true),
      ReportParameter(field: "days", kind: .number(0...3650), fallback: "90"),
      .id("province_id"),
    ],
    parts: [
      ReportPart(
        .sql(
          """
          SELECT s.id, s.no_sertifikat, s.jenis_sertifikasi_id, j.nama_jenis_sertifikasi AS jenis_sertifikasi_nama,
            s.kelompok_nelayan_id, g.nama_kelompok AS kelompok_nelayan_nama, s.lembaga_penerbit, s.tanggal_kadaluarsa,
            s.tanggal_kadaluarsa - $date AS sisa_hari
          FROM public.trx_sertifikasi AS s
          JOIN public.mst_kelompok_nelayan AS g ON g.id = s.kelompok_nelayan_id
          JOIN public.mst_jenis_sertifikasi AS j ON j.id = s.jenis_sertifikasi_id
          WHERE s.status_sertifikat = 'Aktif' AND s.tanggal_kadaluarsa BETWEEN $date AND $date + $days
            AND ($province_id IS NULL OR g.province_id = $province_id)
          ORDER BY s.tanggal_kadaluarsa, s.id
          """))
    ])
}
