/// The field numbers that divide a row message.
enum RowNumbers {
  /// The version. Fields below it are columns of the table.
  static let version: UInt32 = 90
  /// The first of the names joined from other tables.
  static let joined: UInt32 = 100
}
