// To add a table: one line here. The name of its row message gives the name of its service.

extension BahariClient {
  /// Provinces.
  public var provinsi: Resource<Bahari_V1_Provinsi> { Resource(self) }
  /// Regencies and cities.
  public var kabupaten: Resource<Bahari_V1_Kabupaten> { Resource(self) }
  /// Districts.
  public var kecamatan: Resource<Bahari_V1_Kecamatan> { Resource(self) }
  /// Villages.
  public var desa: Resource<Bahari_V1_Desa> { Resource(self) }
  /// Technical units.
  public var upt: Resource<Bahari_V1_Upt> { Resource(self) }
  /// Organisations.
  public var organisasi: Resource<Bahari_V1_Organisasi> { Resource(self) }
  /// Roles of employees in the system.
  public var role: Resource<Bahari_V1_Role> { Resource(self) }
  /// Employees.
  public var pegawai: Resource<Bahari_V1_Pegawai> { Resource(self) }
  /// Extension officers.
  public var penyuluh: Resource<Bahari_V1_Penyuluh> { Resource(self) }
  /// Groups of fishers.
  public var kelompokNelayan: Resource<Bahari_V1_KelompokNelayan> { Resource(self) }
  /// Vessels.
  public var kapal: Resource<Bahari_V1_Kapal> { Resource(self) }
  /// Kinds of business.
  public var jenisUsaha: Resource<Bahari_V1_JenisUsaha> { Resource(self) }
  /// Commodities.
  public var komoditas: Resource<Bahari_V1_Komoditas> { Resource(self) }
  /// Fishing gear.
  public var alatTangkap: Resource<Bahari_V1_AlatTangkap> { Resource(self) }
  /// Kinds of aid.
  public var jenisBantuan: Resource<Bahari_V1_JenisBantuan> { Resource(self) }
  /// Kinds of training.
  public var jenisPelatihan: Resource<Bahari_V1_JenisPelatihan> { Resource(self) }
  /// Kinds of certificates.
  public var jenisSertifikasi: Resource<Bahari_V1_JenisSertifikasi> { Resource(self) }
  /// Attendance.
  public var absensi: Resource<Bahari_V1_Absensi> { Resource(self) }
  /// Catches and other produce.
  public var produksiHasilTangkapan: Resource<Bahari_V1_ProduksiHasilTangkapan> { Resource(self) }
  /// Aid handed out to groups.
  public var bantuan: Resource<Bahari_V1_Bantuan> { Resource(self) }
  /// Training.
  public var pelatihan: Resource<Bahari_V1_Pelatihan> { Resource(self) }
  /// Certificates given to groups.
  public var sertifikasi: Resource<Bahari_V1_Sertifikasi> { Resource(self) }
}
