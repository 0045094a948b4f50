/// The parts of a row message, by field number.
enum RowNumbers {
  /// Fields below are columns of the table.
  static let version: UInt32 = 90
  /// Fields from here on are names joined from other tables.
  static let joined: UInt32 = 100
}
