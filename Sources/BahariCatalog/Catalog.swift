import BahariMessage

/// The list of all tables that Bahari serves.
package enum Catalog {
  package static let tables = tables(Attendance())

  /// The tables with the attendance rules that an operator has chosen.
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
  /// The table's service in the .proto files; nil if they do not declare it.
  package var serviceDescriptor: ServiceDescriptor? { Descriptors.service(service) }

  /// The row message, which is the type of the field `data` in Get's reply; nil if there is none.
  package var rowDescriptor: MessageDescriptor? {
    serviceDescriptor?.method("Get")?.output.field("data")?.message
  }
}
