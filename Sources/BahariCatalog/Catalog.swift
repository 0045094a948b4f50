import BahariMessage

/// All tables that Bahari serves.
package enum Catalog {
  package static let tables = tables(Attendance())

  /// The same with what an operator may set.
  package static func tables(_ attendance: Attendance) -> [Table] {
    [
      .provinsi, .kabupaten, .kecamatan, .desa,
      .upt, .organisasi, .role, .pegawai, .penyuluh,
      .kelompokNelayan, .kapal,
      .jenisUsaha, .komoditas, .alatTangkap, .jenisBantuan, .jenisPelatihan, .jenisSertifikasi,
      .absensi(attendance), .produksiHasilTangkapan, .bantuan, .pelatihan, .sertifikasi,
    ]
  }
}

extension Table {
  /// The service as the .proto declares it; nil when the .proto lacks it.
  package var serviceDescriptor: ServiceDescriptor? { Descriptors.service(service) }

  /// The row message, which is what Get's reply carries as `data`.
  package var rowDescriptor: MessageDescriptor? {
    serviceDescriptor?.method("Get")?.output.field("data")?.message
  }
}
