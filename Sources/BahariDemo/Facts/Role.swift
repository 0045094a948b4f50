/// The roles of employees. A case's raw value is the role's id in mst_role.
enum Role: Int, CaseIterable {
  case administrator = 1
  case analyst, officeHead, clerk, unitHead, officer

  /// The values of the columns of mst_role, and the job title of employees with this role.
  var labels: (level: String, name: String, title: String) {
    switch self {
    case .administrator: ("Pusat", "Administrator", "Pranata Komputer")
    case .analyst: ("Pusat", "Analis Data", "Analis Data Perikanan")
    case .officeHead: ("Provinsi", "Kepala Dinas", "Kepala Dinas")
    case .clerk: ("Provinsi", "Operator Provinsi", "Pengelola Data Perikanan")
    case .unitHead: ("UPT", "Kepala UPT", "Kepala UPT")
    case .officer: ("UPT", "Penyuluh Perikanan", "Penyuluh Perikanan")
    }
  }
}
