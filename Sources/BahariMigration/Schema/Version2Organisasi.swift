enum Version2Organisasi {
  /// Creates the tables of units, organisations, roles, employees and extension officers. Columns that the design's
  /// phase 4 adds to legacy tables come last.
  static let statements: [String] = [
    """
    CREATE TABLE public.mst_upt (
      id serial CONSTRAINT mst_upt_pkey PRIMARY KEY,
      nama_organisasi varchar(255) NOT NULL,
      pimpinan varchar(255) NOT NULL,
      province_id integer NOT NULL
        CONSTRAINT mst_upt_province_id_mst_provinsi_id_fk REFERENCES public.mst_provinsi (id)
    )
    """,
    """
    CREATE TABLE public.mst_organisasi (
      id serial CONSTRAINT mst_organisasi_pkey PRIMARY KEY,
      level_organisasi varchar(100) NOT NULL,
      kode_organisasi varchar(50) NOT NULL,
      nama_organisasi varchar(255) NOT NULL,
      keterangan text,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    """
    CREATE TABLE public.mst_role (
      id serial CONSTRAINT mst_role_pkey PRIMARY KEY,
      level_role varchar(100) NOT NULL,
      nama_role varchar(255) NOT NULL,
      keterangan text,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now()
    )
    """,
    """
    CREATE TABLE public.mst_pegawai (
      id serial CONSTRAINT mst_pegawai_pkey PRIMARY KEY,
      nip varchar(50) NOT NULL CONSTRAINT mst_pegawai_nip_unique UNIQUE,
      nama varchar(255) NOT NULL,
      email varchar(255) NOT NULL CONSTRAINT mst_pegawai_email_unique UNIQUE,
      jabatan varchar(255) NOT NULL,
      organisasi_id integer NOT NULL
        CONSTRAINT mst_pegawai_organisasi_id_mst_organisasi_id_fk REFERENCES public.mst_organisasi (id),
      role_id integer NOT NULL
        CONSTRAINT mst_pegawai_role_id_mst_role_id_fk REFERENCES public.mst_role (id),
      status_aktif boolean NOT NULL DEFAULT true,
      last_login timestamp,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now(),
      no_hp varchar(20),
      alamat text,
      foto_url varchar(500),
      tanggal_lahir date,
      jenis_kelamin varchar(1),
      pendidikan_terakhir varchar(100),
      tanggal_bergabung date
    )
    """,
    """
    CREATE TABLE public.mst_penyuluh (
      id serial CONSTRAINT mst_penyuluh_pkey PRIMARY KEY,
      pegawai_id integer NOT NULL
        CONSTRAINT mst_penyuluh_pegawai_id_mst_pegawai_id_fk REFERENCES public.mst_pegawai (id),
      upt_id integer NOT NULL
        CONSTRAINT mst_penyuluh_upt_id_mst_upt_id_fk REFERENCES public.mst_upt (id),
      province_id integer NOT NULL
        CONSTRAINT mst_penyuluh_province_id_mst_provinsi_id_fk REFERENCES public.mst_provinsi (id),
      jumlah_kelompok integer NOT NULL DEFAULT 0,
      program_prioritas varchar(255),
      status_aktif boolean NOT NULL DEFAULT true,
      created_at timestamp DEFAULT now(),
      updated_at timestamp DEFAULT now(),
      wilayah_binaan text,
      spesialisasi varchar(255)
    )
    """,
  ]
}
