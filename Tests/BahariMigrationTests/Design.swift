/// The design's sections 3 and 5.2, written out a second time, in the form of PostgreSQL's catalog.
enum Design {
  static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

  /// Table, place, name, type and default. What phase 4 adds to a legacy table comes last.
  static let columns = lines(
    """
    mst_alat_tangkap 1 id integer NOT NULL nextval('public.mst_alat_tangkap_id_seq'::regclass)
    mst_alat_tangkap 2 kode_alat_tangkap character varying(20) NOT NULL
    mst_alat_tangkap 3 nama_alat_tangkap character varying(255) NOT NULL
    mst_alat_tangkap 4 jenis character varying(100) NOT NULL
    mst_alat_tangkap 5 target_komoditas text
    mst_alat_tangkap 6 keterangan text
    mst_alat_tangkap 7 status_aktif boolean NOT NULL true
    mst_alat_tangkap 8 created_at timestamp without time zone now()
    mst_alat_tangkap 9 updated_at timestamp without time zone now()
    mst_desa 1 id bigint NOT NULL
    mst_desa 2 district_id bigint NOT NULL
    mst_desa 3 name text NOT NULL
    mst_desa 4 alt_name text NOT NULL ''::text
    mst_desa 5 latitude double precision NOT NULL 0
    mst_desa 6 longitude double precision NOT NULL 0
    mst_jenis_bantuan 1 id integer NOT NULL nextval('public.mst_jenis_bantuan_id_seq'::regclass)
    mst_jenis_bantuan 2 kode_jenis_bantuan character varying(20) NOT NULL
    mst_jenis_bantuan 3 nama_jenis_bantuan character varying(255) NOT NULL
    mst_jenis_bantuan 4 kategori character varying(100) NOT NULL
    mst_jenis_bantuan 5 satuan character varying(50)
    mst_jenis_bantuan 6 nilai_estimasi numeric(15,2)
    mst_jenis_bantuan 7 keterangan text
    mst_jenis_bantuan 8 status_aktif boolean NOT NULL true
    mst_jenis_bantuan 9 created_at timestamp without time zone now()
    mst_jenis_bantuan 10 updated_at timestamp without time zone now()
    mst_jenis_pelatihan 1 id integer NOT NULL nextval('public.mst_jenis_pelatihan_id_seq'::regclass)
    mst_jenis_pelatihan 2 kode_jenis_pelatihan character varying(20) NOT NULL
    mst_jenis_pelatihan 3 nama_jenis_pelatihan character varying(255) NOT NULL
    mst_jenis_pelatihan 4 kategori character varying(100) NOT NULL
    mst_jenis_pelatihan 5 durasi_hari integer
    mst_jenis_pelatihan 6 target_peserta character varying(100)
    mst_jenis_pelatihan 7 keterangan text
    mst_jenis_pelatihan 8 status_aktif boolean NOT NULL true
    mst_jenis_pelatihan 9 created_at timestamp without time zone now()
    mst_jenis_pelatihan 10 updated_at timestamp without time zone now()
    mst_jenis_sertifikasi 1 id integer NOT NULL nextval('public.mst_jenis_sertifikasi_id_seq'::regclass)
    mst_jenis_sertifikasi 2 kode_jenis_sertifikasi character varying(20) NOT NULL
    mst_jenis_sertifikasi 3 nama_jenis_sertifikasi character varying(255) NOT NULL
    mst_jenis_sertifikasi 4 kategori character varying(100) NOT NULL
    mst_jenis_sertifikasi 5 lembaga_penerbit character varying(255) NOT NULL
    mst_jenis_sertifikasi 6 masa_berlaku_tahun integer
    mst_jenis_sertifikasi 7 persyaratan text
    mst_jenis_sertifikasi 8 keterangan text
    mst_jenis_sertifikasi 9 status_aktif boolean NOT NULL true
    mst_jenis_sertifikasi 10 created_at timestamp without time zone now()
    mst_jenis_sertifikasi 11 updated_at timestamp without time zone now()
    mst_jenis_usaha 1 id integer NOT NULL nextval('public.mst_jenis_usaha_id_seq'::regclass)
    mst_jenis_usaha 2 kode_jenis_usaha character varying(20) NOT NULL
    mst_jenis_usaha 3 nama_jenis_usaha character varying(255) NOT NULL
    mst_jenis_usaha 4 kategori character varying(100) NOT NULL
    mst_jenis_usaha 5 keterangan text
    mst_jenis_usaha 6 status_aktif boolean NOT NULL true
    mst_jenis_usaha 7 created_at timestamp without time zone now()
    mst_jenis_usaha 8 updated_at timestamp without time zone now()
    mst_kabupaten 1 id bigint NOT NULL
    mst_kabupaten 2 province_id bigint NOT NULL
    mst_kabupaten 3 name text NOT NULL
    mst_kabupaten 4 alt_name text NOT NULL ''::text
    mst_kabupaten 5 latitude numeric NOT NULL '0'::numeric
    mst_kabupaten 6 longitude numeric NOT NULL '0'::numeric
    mst_kapal 1 id integer NOT NULL nextval('public.mst_kapal_id_seq'::regclass)
    mst_kapal 2 kelompok_nelayan_id integer NOT NULL
    mst_kapal 3 no_registrasi_kapal character varying(50) NOT NULL
    mst_kapal 4 nama_kapal character varying(255) NOT NULL
    mst_kapal 5 jenis_kapal character varying(100) NOT NULL
    mst_kapal 6 ukuran_gt numeric(10,2)
    mst_kapal 7 ukuran_panjang numeric(10,2)
    mst_kapal 8 ukuran_lebar numeric(10,2)
    mst_kapal 9 mesin_pk numeric(10,2)
    mst_kapal 10 tahun_pembuatan integer
    mst_kapal 11 pelabuhan_pangkalan character varying(255)
    mst_kapal 12 status_kapal character varying(50) NOT NULL 'Aktif'::character varying
    mst_kapal 13 created_at timestamp without time zone now()
    mst_kapal 14 updated_at timestamp without time zone now()
    mst_kecamatan 1 id bigint NOT NULL
    mst_kecamatan 2 regency_id bigint NOT NULL
    mst_kecamatan 3 name text NOT NULL
    mst_kecamatan 4 alt_name text NOT NULL ''::text
    mst_kecamatan 5 latitude numeric NOT NULL '0'::numeric
    mst_kecamatan 6 longitude numeric NOT NULL '0'::numeric
    mst_kelompok_nelayan 1 id integer NOT NULL nextval('public.mst_kelompok_nelayan_id_seq'::regclass)
    mst_kelompok_nelayan 2 nib_kelompok character varying(50) NOT NULL
    mst_kelompok_nelayan 3 no_registrasi character varying(50) NOT NULL
    mst_kelompok_nelayan 4 nama_kelompok character varying(255) NOT NULL
    mst_kelompok_nelayan 5 nik_ketua character varying(50) NOT NULL
    mst_kelompok_nelayan 6 nama_ketua character varying(255) NOT NULL
    mst_kelompok_nelayan 7 upt_id integer NOT NULL
    mst_kelompok_nelayan 8 province_id integer NOT NULL
    mst_kelompok_nelayan 9 penyuluh_id integer NOT NULL
    mst_kelompok_nelayan 10 gabungan_kelompok_id integer
    mst_kelompok_nelayan 11 jumlah_anggota integer NOT NULL 1
    mst_kelompok_nelayan 12 created_at timestamp without time zone now()
    mst_kelompok_nelayan 13 updated_at timestamp without time zone now()
    mst_kelompok_nelayan 14 jenis_usaha_id integer
    mst_kelompok_nelayan 15 alamat text
    mst_kelompok_nelayan 16 no_hp_ketua character varying(20)
    mst_kelompok_nelayan 17 tahun_berdiri integer
    mst_kelompok_nelayan 18 status_kelompok character varying(50)
    mst_kelompok_nelayan 19 luas_lahan numeric(10,2)
    mst_kelompok_nelayan 20 koordinat_latitude numeric(10,8)
    mst_kelompok_nelayan 21 koordinat_longitude numeric(11,8)
    mst_komoditas 1 id integer NOT NULL nextval('public.mst_komoditas_id_seq'::regclass)
    mst_komoditas 2 kode_komoditas character varying(20) NOT NULL
    mst_komoditas 3 nama_komoditas character varying(255) NOT NULL
    mst_komoditas 4 nama_ilmiah character varying(255)
    mst_komoditas 5 kategori character varying(100) NOT NULL
    mst_komoditas 6 satuan character varying(50) NOT NULL
    mst_komoditas 7 harga_pasar_rata numeric(15,2)
    mst_komoditas 8 keterangan text
    mst_komoditas 9 status_aktif boolean NOT NULL true
    mst_komoditas 10 created_at timestamp without time zone now()
    mst_komoditas 11 updated_at timestamp without time zone now()
    mst_organisasi 1 id integer NOT NULL nextval('public.mst_organisasi_id_seq'::regclass)
    mst_organisasi 2 level_organisasi character varying(100) NOT NULL
    mst_organisasi 3 kode_organisasi character varying(50) NOT NULL
    mst_organisasi 4 nama_organisasi character varying(255) NOT NULL
    mst_organisasi 5 keterangan text
    mst_organisasi 6 created_at timestamp without time zone now()
    mst_organisasi 7 updated_at timestamp without time zone now()
    mst_pegawai 1 id integer NOT NULL nextval('public.mst_pegawai_id_seq'::regclass)
    mst_pegawai 2 nip character varying(50) NOT NULL
    mst_pegawai 3 nama character varying(255) NOT NULL
    mst_pegawai 4 email character varying(255) NOT NULL
    mst_pegawai 5 jabatan character varying(255) NOT NULL
    mst_pegawai 6 organisasi_id integer NOT NULL
    mst_pegawai 7 role_id integer NOT NULL
    mst_pegawai 8 status_aktif boolean NOT NULL true
    mst_pegawai 9 last_login timestamp without time zone
    mst_pegawai 10 created_at timestamp without time zone now()
    mst_pegawai 11 updated_at timestamp without time zone now()
    mst_pegawai 12 no_hp character varying(20)
    mst_pegawai 13 alamat text
    mst_pegawai 14 foto_url character varying(500)
    mst_pegawai 15 tanggal_lahir date
    mst_pegawai 16 jenis_kelamin character varying(1)
    mst_pegawai 17 pendidikan_terakhir character varying(100)
    mst_pegawai 18 tanggal_bergabung date
    mst_penyuluh 1 id integer NOT NULL nextval('public.mst_penyuluh_id_seq'::regclass)
    mst_penyuluh 2 pegawai_id integer NOT NULL
    mst_penyuluh 3 upt_id integer NOT NULL
    mst_penyuluh 4 province_id integer NOT NULL
    mst_penyuluh 5 jumlah_kelompok integer NOT NULL 0
    mst_penyuluh 6 program_prioritas character varying(255)
    mst_penyuluh 7 status_aktif boolean NOT NULL true
    mst_penyuluh 8 created_at timestamp without time zone now()
    mst_penyuluh 9 updated_at timestamp without time zone now()
    mst_penyuluh 10 wilayah_binaan text
    mst_penyuluh 11 spesialisasi character varying(255)
    mst_provinsi 1 id integer NOT NULL
    mst_provinsi 2 name text NOT NULL
    mst_provinsi 3 alt_name text
    mst_provinsi 4 latitude numeric
    mst_provinsi 5 longitude numeric
    mst_role 1 id integer NOT NULL nextval('public.mst_role_id_seq'::regclass)
    mst_role 2 level_role character varying(100) NOT NULL
    mst_role 3 nama_role character varying(255) NOT NULL
    mst_role 4 keterangan text
    mst_role 5 created_at timestamp without time zone now()
    mst_role 6 updated_at timestamp without time zone now()
    mst_upt 1 id integer NOT NULL nextval('public.mst_upt_id_seq'::regclass)
    mst_upt 2 nama_organisasi character varying(255) NOT NULL
    mst_upt 3 pimpinan character varying(255) NOT NULL
    mst_upt 4 province_id integer NOT NULL
    trx_absensi 1 id integer NOT NULL nextval('public.trx_absensi_id_seq'::regclass)
    trx_absensi 2 date date NOT NULL
    trx_absensi 3 nip character varying(50) NOT NULL
    trx_absensi 4 checkin timestamp without time zone NOT NULL
    trx_absensi 5 ci_latitude numeric(10,8) NOT NULL
    trx_absensi 6 ci_longitude numeric(11,8) NOT NULL
    trx_absensi 7 checkin_photo_url character varying(500)
    trx_absensi 8 checkin_photo_id character varying(255)
    trx_absensi 9 checkout timestamp without time zone
    trx_absensi 10 co_latitude numeric(10,8)
    trx_absensi 11 co_longitude numeric(11,8)
    trx_absensi 12 working_hours numeric(5,2)
    trx_absensi 13 status character varying(50)
    trx_absensi 14 total_overtime numeric(5,2) 0
    trx_absensi 15 created_at timestamp without time zone now()
    trx_absensi 16 updated_at timestamp without time zone now()
    trx_absensi 17 keterangan text
    trx_absensi 18 foto_checkout_url character varying(500)
    trx_absensi 19 foto_checkout_id character varying(255)
    trx_bantuan 1 id integer NOT NULL nextval('public.trx_bantuan_id_seq'::regclass)
    trx_bantuan 2 no_bantuan character varying(50) NOT NULL
    trx_bantuan 3 jenis_bantuan_id integer NOT NULL
    trx_bantuan 4 kelompok_nelayan_id integer NOT NULL
    trx_bantuan 5 penyuluh_id integer NOT NULL
    trx_bantuan 6 tanggal_penyaluran date NOT NULL
    trx_bantuan 7 jumlah numeric(15,2) NOT NULL
    trx_bantuan 8 satuan character varying(50) NOT NULL
    trx_bantuan 9 nilai_bantuan numeric(15,2) NOT NULL
    trx_bantuan 10 sumber_dana character varying(255)
    trx_bantuan 11 tahun_anggaran integer NOT NULL
    trx_bantuan 12 status_penyaluran character varying(50) NOT NULL 'Direncanakan'::character varying
    trx_bantuan 13 tanggal_selesai date
    trx_bantuan 14 bukti_penyaluran_url character varying(500)
    trx_bantuan 15 keterangan text
    trx_bantuan 16 created_at timestamp without time zone now()
    trx_bantuan 17 updated_at timestamp without time zone now()
    trx_pelatihan 1 id integer NOT NULL nextval('public.trx_pelatihan_id_seq'::regclass)
    trx_pelatihan 2 no_pelatihan character varying(50) NOT NULL
    trx_pelatihan 3 jenis_pelatihan_id integer NOT NULL
    trx_pelatihan 4 nama_pelatihan character varying(255) NOT NULL
    trx_pelatihan 5 penyelenggara character varying(255) NOT NULL
    trx_pelatihan 6 penyuluh_id integer
    trx_pelatihan 7 tanggal_mulai date NOT NULL
    trx_pelatihan 8 tanggal_selesai date NOT NULL
    trx_pelatihan 9 lokasi character varying(255) NOT NULL
    trx_pelatihan 10 jumlah_peserta integer NOT NULL 0
    trx_pelatihan 11 target_peserta integer NOT NULL
    trx_pelatihan 12 peserta_kelompok text
    trx_pelatihan 13 narasumber character varying(255)
    trx_pelatihan 14 biaya numeric(15,2)
    trx_pelatihan 15 sumber_dana character varying(255)
    trx_pelatihan 16 status_pelatihan character varying(50) NOT NULL 'Direncanakan'::character varying
    trx_pelatihan 17 hasil_evaluasi text
    trx_pelatihan 18 dokumentasi_url character varying(500)
    trx_pelatihan 19 keterangan text
    trx_pelatihan 20 created_at timestamp without time zone now()
    trx_pelatihan 21 updated_at timestamp without time zone now()
    trx_produksi_hasil_tangkapan 1 id integer NOT NULL nextval('public.trx_produksi_hasil_tangkapan_id_seq'::regclass)
    trx_produksi_hasil_tangkapan 2 kelompok_nelayan_id integer NOT NULL
    trx_produksi_hasil_tangkapan 3 kapal_id integer
    trx_produksi_hasil_tangkapan 4 tanggal_produksi date NOT NULL
    trx_produksi_hasil_tangkapan 5 komoditas_id integer NOT NULL
    trx_produksi_hasil_tangkapan 6 alat_tangkap_id integer
    trx_produksi_hasil_tangkapan 7 jumlah_produksi numeric(15,2) NOT NULL
    trx_produksi_hasil_tangkapan 8 satuan character varying(50) NOT NULL
    trx_produksi_hasil_tangkapan 9 harga_jual numeric(15,2)
    trx_produksi_hasil_tangkapan 10 total_nilai numeric(15,2)
    trx_produksi_hasil_tangkapan 11 lokasi_penangkapan character varying(255)
    trx_produksi_hasil_tangkapan 12 koordinat_latitude numeric(10,8)
    trx_produksi_hasil_tangkapan 13 koordinat_longitude numeric(11,8)
    trx_produksi_hasil_tangkapan 14 keterangan text
    trx_produksi_hasil_tangkapan 15 created_at timestamp without time zone now()
    trx_produksi_hasil_tangkapan 16 updated_at timestamp without time zone now()
    trx_sertifikasi 1 id integer NOT NULL nextval('public.trx_sertifikasi_id_seq'::regclass)
    trx_sertifikasi 2 no_sertifikat character varying(50) NOT NULL
    trx_sertifikasi 3 jenis_sertifikasi_id integer NOT NULL
    trx_sertifikasi 4 kelompok_nelayan_id integer NOT NULL
    trx_sertifikasi 5 penyuluh_id integer
    trx_sertifikasi 6 tanggal_terbit date NOT NULL
    trx_sertifikasi 7 tanggal_berlaku date NOT NULL
    trx_sertifikasi 8 tanggal_kadaluarsa date NOT NULL
    trx_sertifikasi 9 lembaga_penerbit character varying(255) NOT NULL
    trx_sertifikasi 10 status_sertifikat character varying(50) NOT NULL 'Aktif'::character varying
    trx_sertifikasi 11 file_sertifikat_url character varying(500)
    trx_sertifikasi 12 keterangan text
    trx_sertifikasi 13 created_at timestamp without time zone now()
    trx_sertifikasi 14 updated_at timestamp without time zone now()
    """)
}
