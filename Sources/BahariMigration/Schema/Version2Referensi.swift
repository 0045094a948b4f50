enum Version2Referensi {
  /// Creates the reference tables of the design's phase 5. Keys have the names that PostgreSQL gives by default.
  static let statements: [String] = [
    """
    CREATE TABLE public.mst_jenis_usaha (
      id serial PRIMARY KEY,
      kode_jenis_usaha varchar(20) NOT NULL UNIQUE,
      nama_jenis_usaha varchar(255) NOT NULL,
      kategori varchar(100) NOT NULL,
      keterangan text,
      status_aktif boolean NOT NULL DEFAULT true,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    "CREATE INDEX idx_mst_jenis_usaha_kategori ON public.mst_jenis_usaha (kategori)",
    """
    CREATE TABLE public.mst_komoditas (
      id serial PRIMARY KEY,
      kode_komoditas varchar(20) NOT NULL UNIQUE,
      nama_komoditas varchar(255) NOT NULL,
      nama_ilmiah varchar(255),
      kategori varchar(100) NOT NULL,
      satuan varchar(50) NOT NULL,
      harga_pasar_rata numeric(15, 2),
      keterangan text,
      status_aktif boolean NOT NULL DEFAULT true,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    "CREATE INDEX idx_mst_komoditas_kategori ON public.mst_komoditas (kategori)",
    "CREATE INDEX idx_mst_komoditas_nama ON public.mst_komoditas (nama_komoditas)",
    """
    CREATE TABLE public.mst_alat_tangkap (
      id serial PRIMARY KEY,
      kode_alat_tangkap varchar(20) NOT NULL UNIQUE,
      nama_alat_tangkap varchar(255) NOT NULL,
      jenis varchar(100) NOT NULL,
      target_komoditas text,
      keterangan text,
      status_aktif boolean NOT NULL DEFAULT true,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    "CREATE INDEX idx_mst_alat_tangkap_jenis ON public.mst_alat_tangkap (jenis)",
    """
    CREATE TABLE public.mst_jenis_bantuan (
      id serial PRIMARY KEY,
      kode_jenis_bantuan varchar(20) NOT NULL UNIQUE,
      nama_jenis_bantuan varchar(255) NOT NULL,
      kategori varchar(100) NOT NULL,
      satuan varchar(50),
      nilai_estimasi numeric(15, 2),
      keterangan text,
      status_aktif boolean NOT NULL DEFAULT true,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    "CREATE INDEX idx_mst_jenis_bantuan_kategori ON public.mst_jenis_bantuan (kategori)",
    """
    CREATE TABLE public.mst_jenis_pelatihan (
      id serial PRIMARY KEY,
      kode_jenis_pelatihan varchar(20) NOT NULL UNIQUE,
      nama_jenis_pelatihan varchar(255) NOT NULL,
      kategori varchar(100) NOT NULL,
      durasi_hari integer,
      target_peserta varchar(100),
      keterangan text,
      status_aktif boolean NOT NULL DEFAULT true,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    "CREATE INDEX idx_mst_jenis_pelatihan_kategori ON public.mst_jenis_pelatihan (kategori)",
    """
    CREATE TABLE public.mst_jenis_sertifikasi (
      id serial PRIMARY KEY,
      kode_jenis_sertifikasi varchar(20) NOT NULL UNIQUE,
      nama_jenis_sertifikasi varchar(255) NOT NULL,
      kategori varchar(100) NOT NULL,
      lembaga_penerbit varchar(255) NOT NULL,
      masa_berlaku_tahun integer,
      persyaratan text,
      keterangan text,
      status_aktif boolean NOT NULL DEFAULT true,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    "CREATE INDEX idx_mst_jenis_sertifikasi_kategori ON public.mst_jenis_sertifikasi (kategori)",
  ]
}
