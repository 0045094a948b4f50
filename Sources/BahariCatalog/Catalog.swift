import BahariMessage

/// The list of all tables that Bahari serves.
package enum Catalog {
  package static let tables = tables(Attendance())

  /// The tables, with `attendance` as the rules of the attendance table.
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
  /// The table's service in the .proto files; nil if they do not declare such a service.
  package var serviceDescriptor: ServiceDescriptor? { Descriptors.service(service) }

  /// The type of the table's row messages: that of the field `data` in the reply of Get. Nil if there is no such field.
  package var rowDescriptor: MessageDescriptor? {
    serviceDescriptor?.method("Get")?.output.field("data")?.message
  }
}
