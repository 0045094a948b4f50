// One property for each table. A new table needs only a property here, since the name of the table's service follows
// from the name of its row message.

extension BahariClient {
  /// The table of provinces.
  public var provinsi: Resource<Bahari_V1_Provinsi> { Resource(self) }
  /// The table of regencies and cities.
  public var kabupaten: Resource<Bahari_V1_Kabupaten> { Resource(self) }
  /// The table of districts.
  public var kecamatan: Resource<Bahari_V1_Kecamatan> { Resource(self) }
  /// The table of villages.
  public var desa: Resource<Bahari_V1_Desa> { Resource(self) }
  /// The table of technical units.
  public var upt: Resource<Bahari_V1_Upt> { Resource(self) }
  /// The table of organisations.
  public var organisasi: Resource<Bahari_V1_Organisasi> { Resource(self) }
  /// The table of roles that employees have in the system.
  public var role: Resource<Bahari_V1_Role> { Resource(self) }
  /// The table of employees.
  public var pegawai: Resource<Bahari_V1_Pegawai> { Resource(self) }
  /// The table of extension officers.
  public var penyuluh: Resource<Bahari_V1_Penyuluh> { Resource(self) }
  /// The table of groups of fishers.
  public var kelompokNelayan: Resource<Bahari_V1_KelompokNelayan> { Resource(self) }
  /// The table of vessels.
  public var kapal: Resource<Bahari_V1_Kapal> { Resource(self) }
  /// The table of kinds of business.
  public var jenisUsaha: Resource<Bahari_V1_JenisUsaha> { Resource(self) }
  /// The table of commodities.
  public var komoditas: Resource<Bahari_V1_Komoditas> { Resource(self) }
  /// The table of fishing gear.
  public var alatTangkap: Resource<Bahari_V1_AlatTangkap> { Resource(self) }
  /// The table of kinds of aid.
  public var jenisBantuan: Resource<Bahari_V1_JenisBantuan> { Resource(self) }
  /// The table of kinds of training.
  public var jenisPelatihan: Resource<Bahari_V1_JenisPelatihan> { Resource(self) }
  /// The table of kinds of certificates.
  public var jenisSertifikasi: Resource<Bahari_V1_JenisSertifikasi> { Resource(self) }
  /// The table of employees' attendance.
  public var absensi: Resource<Bahari_V1_Absensi> { Resource(self) }
  /// The table of catches and other produce.
  public var produksiHasilTangkapan: Resource<Bahari_V1_ProduksiHasilTangkapan> { Resource(self) }
  /// The table of aid to groups of fishers.
  public var bantuan: Resource<Bahari_V1_Bantuan> { Resource(self) }
  /// The table of training courses.
  public var pelatihan: Resource<Bahari_V1_Pelatihan> { Resource(self) }
  /// The table of certificates of groups of fishers.
  public var sertifikasi: Resource<Bahari_V1_Sertifikasi> { Resource(self) }
}
