enum Version1 {
  /// The four tables of regions, with columns, keys, cascades and indexes exactly as in the design. Keys and indexes
  /// have the names that they have in a migrated legacy database.
  static let regions = SchemaVersion(
    number: 1, name: "regions",
    statements: [
      """
      CREATE TABLE public.mst_provinsi (
        id integer CONSTRAINT mst_provinsi_pkey PRIMARY KEY,
        name text NOT NULL,
        alt_name text,
        latitude numeric,
        longitude numeric
      )
      """,
      "CREATE INDEX idx_mst_provinsi_name_lower ON public.mst_provinsi (name)",
      """
      CREATE TABLE public.mst_kabupaten (
        id bigint CONSTRAINT mst_kabupaten_pkey PRIMARY KEY,
        province_id bigint NOT NULL
          CONSTRAINT mst_kabupaten_province_id_mst_provinsi_id_fk
          REFERENCES public.mst_provinsi (id) ON DELETE CASCADE ON UPDATE CASCADE,
        name text NOT NULL,
        alt_name text NOT NULL DEFAULT '',
        latitude numeric NOT NULL DEFAULT '0',
        longitude numeric NOT NULL DEFAULT '0'
      )
      """,
      "CREATE INDEX idx_mst_kabupaten_province_id ON public.mst_kabupaten (province_id)",
      "CREATE INDEX idx_mst_kabupaten_name_lower ON public.mst_kabupaten (name)",
      "CREATE INDEX idx_mst_kabupaten_province_name ON public.mst_kabupaten (province_id, name)",
      """
      CREATE TABLE public.mst_kecamatan (
        id bigint CONSTRAINT mst_kecamatan_pkey PRIMARY KEY,
        regency_id bigint NOT NULL
          CONSTRAINT mst_kecamatan_regency_id_mst_kabupaten_id_fk
          REFERENCES public.mst_kabupaten (id) ON DELETE CASCADE ON UPDATE CASCADE,
        name text NOT NULL,
        alt_name text NOT NULL DEFAULT '',
        latitude numeric NOT NULL DEFAULT '0',
        longitude numeric NOT NULL DEFAULT '0'
      )
      """,
      "CREATE INDEX idx_mst_kecamatan_regency_id ON public.mst_kecamatan (regency_id)",
      "CREATE INDEX idx_mst_kecamatan_name_lower ON public.mst_kecamatan (name)",
      "CREATE INDEX idx_mst_kecamatan_regency_name ON public.mst_kecamatan (regency_id, name)",
      """
      CREATE TABLE public.mst_desa (
        id bigint CONSTRAINT mst_desa_pkey PRIMARY KEY,
        district_id bigint NOT NULL
          CONSTRAINT mst_desa_district_id_mst_kecamatan_id_fk
          REFERENCES public.mst_kecamatan (id) ON DELETE CASCADE ON UPDATE CASCADE,
        name text NOT NULL,
        alt_name text NOT NULL DEFAULT '',
        latitude double precision NOT NULL DEFAULT 0,
        longitude double precision NOT NULL DEFAULT 0
      )
      """,
      "CREATE INDEX idx_mst_desa_district_id ON public.mst_desa (district_id)",
      "CREATE INDEX idx_mst_desa_name_lower ON public.mst_desa (name)",
      "CREATE INDEX idx_mst_desa_district_name ON public.mst_desa (district_id, name)",
    ])
}
