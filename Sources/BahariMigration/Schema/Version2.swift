enum Version2 {
  /// The other eighteen tables, to the letter of the design: columns, keys, indexes. Order of columns and names are
  /// those that a migrated legacy database has, so that both compare equal.
  static let tables = SchemaVersion(
    number: 2, name: "tables",
    statements: Version2Organisasi.statements + Version2Referensi.statements + Version2Kelompok.statements
      + Version2Transaksi.statements)
}
