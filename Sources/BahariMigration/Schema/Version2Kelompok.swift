enum Version2Kelompok {
  /// Creates the tables of fishers' groups and of vessels. The last columns of groups are those that the design's phase
  /// 4 adds to the legacy table.
  static let statements: [String] = [
    """
    CREATE TABLE public.mst_kelompok_nelayan (
      id serial CONSTRAINT mst_kelompok_nelayan_pkey PRIMARY KEY,
      nib_kelompok varchar(50) NOT NULL CONSTRAINT mst_kelompok_nelayan_nib_kelompok_unique UNIQUE,
      no_registrasi varchar(50) NOT NULL CONSTRAINT mst_kelompok_nelayan_no_registrasi_unique UNIQUE,
      nama_kelompok varchar(255) NOT NULL,
      nik_ketua varchar(50) NOT NULL,
      nama_ketua varchar(255) NOT NULL,
      upt_id integer NOT NULL
        CONSTRAINT mst_kelompok_nelayan_upt_id_mst_upt_id_fk REFERENCES public.mst_upt (id),
      province_id integer NOT NULL
        CONSTRAINT mst_kelompok_nelayan_province_id_mst_provinsi_id_fk REFERENCES public.mst_provinsi (id),
      penyuluh_id integer NOT NULL
        CONSTRAINT mst_kelompok_nelayan_penyuluh_id_mst_penyuluh_id_fk REFERENCES public.mst_penyuluh (id),
      -- Its table's part is cut: with all of it the name would be longer than the 63 bytes that PostgreSQL keeps.
      gabungan_kelompok_id integer
        CONSTRAINT mst_kelompok_ne_gabungan_kelompok_id_mst_kelompok_nelayan_id_fk
        REFERENCES public.mst_kelompok_nelayan (id),
      jumlah_anggota integer NOT NULL DEFAULT 1,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now(),
      jenis_usaha_id integer
        CONSTRAINT fk_kelompok_nelayan_jenis_usaha REFERENCES public.mst_jenis_usaha (id),
      alamat text,
      no_hp_ketua varchar(20),
      tahun_berdiri integer,
      status_kelompok varchar(50),
      luas_lahan numeric(10, 2),
      koordinat_latitude numeric(10, 8),
      koordinat_longitude numeric(11, 8)
    )
    """,
    """
    CREATE TABLE public.mst_kapal (
      id serial PRIMARY KEY,
      kelompok_nelayan_id integer NOT NULL REFERENCES public.mst_kelompok_nelayan (id),
      no_registrasi_kapal varchar(50) NOT NULL UNIQUE,
      nama_kapal varchar(255) NOT NULL,
      jenis_kapal varchar(100) NOT NULL,
      ukuran_gt numeric(10, 2),
      ukuran_panjang numeric(10, 2),
      ukuran_lebar numeric(10, 2),
      mesin_pk numeric(10, 2),
      tahun_pembuatan integer,
      pelabuhan_pangkalan varchar(255),
      status_kapal varchar(50) NOT NULL DEFAULT 'Aktif',
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    "CREATE INDEX idx_mst_kapal_kelompok ON public.mst_kapal (kelompok_nelayan_id)",
    "CREATE INDEX idx_mst_kapal_status ON public.mst_kapal (status_kapal)",
  ]
}
