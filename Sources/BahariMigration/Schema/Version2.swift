enum Version2 {
  /// The other eighteen tables, with columns, keys and indexes exactly as in the design. The order of columns and all
  /// names are those of a migrated legacy database, so that both schemas compare equal.
  static let tables = SchemaVersion(
    number: 2, name: "tables",
    statements: Version2Organisasi.statements + Version2Referensi.statements + Version2Kelompok.statements
      + Version2Transaksi.statements)
}
