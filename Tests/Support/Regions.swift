/// A few regions for tests that need some.
package enum Regions {
  /// Districts and villages, too: 25 of them in the first district.
  package static let sql = upper + lower

  /// Two provinces and a regency.
  package static let upper = """
    INSERT INTO public.mst_provinsi VALUES (11, 'ACEH', NULL, 4.2, 96.9), (12, 'SUMATERA UTARA', '', 2.1, 99.0);
    INSERT INTO public.mst_kabupaten (id, province_id, name) VALUES (1101, 11, 'ACEH SELATAN');

    """

  private static let lower = """
    INSERT INTO public.mst_kabupaten (id, province_id, name) VALUES (1102, 11, '100% AIR');
    INSERT INTO public.mst_kecamatan (id, regency_id, name) VALUES (110101, 1101, 'Bakongan'), (110201, 1102, 'Laut');
    INSERT INTO public.mst_desa (id, district_id, name) SELECT 1101010000 + n, 110101, 'Desa ' || n FROM generate_series(1, 25) n;

    """
}
