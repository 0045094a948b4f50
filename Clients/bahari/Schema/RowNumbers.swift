/// The field numbers that separate the columns of a row message from its version and its joined names.
enum RowNumbers {
  /// The field number of the version; fields with lower numbers are columns of the table.
  static let version: UInt32 = 90
  /// The lowest field number of the names that are joined from other tables.
  static let joined: UInt32 = 100
}
