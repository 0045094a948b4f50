enum Version2Transaksi {
  /// Creates the table of attendance, whose last columns are those that the design's phase 4 adds, and the tables of
  /// its phase 7.
  static let statements: [String] = [
    """
    CREATE TABLE public.trx_absensi (
      id serial CONSTRAINT trx_absensi_pkey PRIMARY KEY,
      date date NOT NULL,
      nip varchar(50) NOT NULL
        CONSTRAINT trx_absensi_nip_mst_pegawai_nip_fk REFERENCES public.mst_pegawai (nip),
      checkin timestamp NOT NULL,
      ci_latitude numeric(10, 8) NOT NULL,
      ci_longitude numeric(11, 8) NOT NULL,
      checkin_photo_url varchar(500),
      checkin_photo_id varchar(255),
      checkout timestamp,
      co_latitude numeric(10, 8),
      co_longitude numeric(11, 8),
      working_hours numeric(5, 2),
      status varchar(50),
      total_overtime numeric(5, 2) DEFAULT 0,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now(),
      keterangan text,
      foto_checkout_url varchar(500),
      foto_checkout_id varchar(255)
    )
    """,
    "CREATE INDEX idx_trx_absensi_nip ON public.trx_absensi (nip)",
    "CREATE INDEX idx_trx_absensi_date ON public.trx_absensi (date)",
    "CREATE INDEX idx_trx_absensi_nip_date ON public.trx_absensi (nip, date)",
    """
    CREATE TABLE public.trx_produksi_hasil_tangkapan (
      id serial PRIMARY KEY,
      kelompok_nelayan_id integer NOT NULL REFERENCES public.mst_kelompok_nelayan (id),
      kapal_id integer REFERENCES public.mst_kapal (id),
      tanggal_produksi date NOT NULL,
      komoditas_id integer NOT NULL REFERENCES public.mst_komoditas (id),
      alat_tangkap_id integer REFERENCES public.mst_alat_tangkap (id),
      jumlah_produksi numeric(15, 2) NOT NULL,
      satuan varchar(50) NOT NULL,
      harga_jual numeric(15, 2),
      total_nilai numeric(15, 2),
      lokasi_penangkapan varchar(255),
      koordinat_latitude numeric(10, 8),
      koordinat_longitude numeric(11, 8),
      keterangan text,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    "CREATE INDEX idx_trx_produksi_kelompok ON public.trx_produksi_hasil_tangkapan (kelompok_nelayan_id)",
    "CREATE INDEX idx_trx_produksi_tanggal ON public.trx_produksi_hasil_tangkapan (tanggal_produksi)",
    "CREATE INDEX idx_trx_produksi_komoditas ON public.trx_produksi_hasil_tangkapan (komoditas_id)",
    """
    CREATE INDEX idx_trx_produksi_kelompok_tanggal
      ON public.trx_produksi_hasil_tangkapan (kelompok_nelayan_id, tanggal_produksi)
    """,
    """
    CREATE TABLE public.trx_bantuan (
      id serial PRIMARY KEY,
      no_bantuan varchar(50) NOT NULL UNIQUE,
      jenis_bantuan_id integer NOT NULL REFERENCES public.mst_jenis_bantuan (id),
      kelompok_nelayan_id integer NOT NULL REFERENCES public.mst_kelompok_nelayan (id),
      penyuluh_id integer NOT NULL REFERENCES public.mst_penyuluh (id),
      tanggal_penyaluran date NOT NULL,
      jumlah numeric(15, 2) NOT NULL,
      satuan varchar(50) NOT NULL,
      nilai_bantuan numeric(15, 2) NOT NULL,
      sumber_dana varchar(255),
      tahun_anggaran integer NOT NULL,
      status_penyaluran varchar(50) NOT NULL DEFAULT 'Direncanakan',
      tanggal_selesai date,
      bukti_penyaluran_url varchar(500),
      keterangan text,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    "CREATE INDEX idx_trx_bantuan_kelompok ON public.trx_bantuan (kelompok_nelayan_id)",
    "CREATE INDEX idx_trx_bantuan_tanggal ON public.trx_bantuan (tanggal_penyaluran)",
    "CREATE INDEX idx_trx_bantuan_status ON public.trx_bantuan (status_penyaluran)",
    "CREATE INDEX idx_trx_bantuan_tahun_status ON public.trx_bantuan (tahun_anggaran, status_penyaluran)",
    """
    CREATE TABLE public.trx_pelatihan (
      id serial PRIMARY KEY,
      no_pelatihan varchar(50) NOT NULL UNIQUE,
      jenis_pelatihan_id integer NOT NULL REFERENCES public.mst_jenis_pelatihan (id),
      nama_pelatihan varchar(255) NOT NULL,
      penyelenggara varchar(255) NOT NULL,
      penyuluh_id integer REFERENCES public.mst_penyuluh (id),
      tanggal_mulai date NOT NULL,
      tanggal_selesai date NOT NULL,
      lokasi varchar(255) NOT NULL,
      jumlah_peserta integer NOT NULL DEFAULT 0,
      target_peserta integer NOT NULL,
      peserta_kelompok text,
      narasumber varchar(255),
      biaya numeric(15, 2),
      sumber_dana varchar(255),
      status_pelatihan varchar(50) NOT NULL DEFAULT 'Direncanakan',
      hasil_evaluasi text,
      dokumentasi_url varchar(500),
      keterangan text,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    "CREATE INDEX idx_trx_pelatihan_tanggal ON public.trx_pelatihan (tanggal_mulai)",
    "CREATE INDEX idx_trx_pelatihan_status ON public.trx_pelatihan (status_pelatihan)",
    "CREATE INDEX idx_trx_pelatihan_tanggal_status ON public.trx_pelatihan (tanggal_mulai, status_pelatihan)",
    """
    CREATE TABLE public.trx_sertifikasi (
      id serial PRIMARY KEY,
      no_sertifikat varchar(50) NOT NULL UNIQUE,
      jenis_sertifikasi_id integer NOT NULL REFERENCES public.mst_jenis_sertifikasi (id),
      kelompok_nelayan_id integer NOT NULL REFERENCES public.mst_kelompok_nelayan (id),
      penyuluh_id integer REFERENCES public.mst_penyuluh (id),
      tanggal_terbit date NOT NULL,
      tanggal_berlaku date NOT NULL,
      tanggal_kadaluarsa date NOT NULL,
      lembaga_penerbit varchar(255) NOT NULL,
      status_sertifikat varchar(50) NOT NULL DEFAULT 'Aktif',
      file_sertifikat_url varchar(500),
      keterangan text,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    "CREATE INDEX idx_trx_sertifikasi_kelompok ON public.trx_sertifikasi (kelompok_nelayan_id)",
    "CREATE INDEX idx_trx_sertifikasi_kadaluarsa ON public.trx_sertifikasi (tanggal_kadaluarsa)",
    "CREATE INDEX idx_trx_sertifikasi_status ON public.trx_sertifikasi (status_sertifikat)",
    """
    CREATE INDEX idx_trx_sertifikasi_kelompok_status
      ON public.trx_sertifikasi (kelompok_nelayan_id, status_sertifikat)
    """,
  ]
}
