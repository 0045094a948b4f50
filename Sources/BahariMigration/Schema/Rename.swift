/// The new names of the legacy tables and of their sequences, constraints and indexes, which PostgreSQL does not rename
/// along with a table.
package enum Rename {
  /// The old and new names of the tables in the design's order, each with the number of the phase that renames the
  /// table.
  package static let tables: [(old: String, new: String, phase: Int)] =
    names(
      .regions,
      [
        "villages": "mst_desa", "districts": "mst_kecamatan", "regencies": "mst_kabupaten",
        "provinces": "mst_provinsi",
      ])
    + names(
      .organisation,
      [
        "roles": "mst_role", "organisasi": "mst_organisasi", "unit_pelaksanaan_teknis": "mst_upt",
        "pegawai": "mst_pegawai", "penyuluh": "mst_penyuluh", "kelompok_nelayan": "mst_kelompok_nelayan",
      ])
    + names(.transactions, ["absensi": "trx_absensi"])

  private static func names(
    _ phase: Phase, _ names: KeyValuePairs<String, String>
  ) -> [(old: String, new: String, phase: Int)] {
    names.map { (old: $0.key, new: $0.value, phase: phase.number) }
  }

  private static let newNames = Dictionary(uniqueKeysWithValues: tables.map { ($0.old, $0.new) })
  private static let oldNames = Dictionary(uniqueKeysWithValues: tables.map { ($0.new, $0.old) })

  /// The new name of a legacy table; any other name is returned unchanged.
  package static func new(_ old: String) -> String { newNames[old] ?? old }

  /// The legacy name of a renamed table; any other name is returned unchanged.
  package static func old(_ new: String) -> String { oldNames[new] ?? new }

  /// The new name of a sequence, constraint or index: the names of legacy tables in it replaced by the new ones.
  ///
  /// A column's name may begin with a table's name, as in `penyuluh_pegawai_id_pegawai_id_fk`: the first occurrence of
  /// each of the object's `columns` is kept unchanged. A name that is over 63 bytes or in `taken` is shortened at the
  /// end of the first table's name in it.
  package static func name(for old: String, columns: [String], taken: Set<String> = []) -> String {
    var parts: [(text: String, isTable: Bool)] = []
    var columns = columns
    var rest = old[...]
    while !rest.isEmpty {
      if let column = columns.filter({ rest.begins(withPart: $0) }).max(by: { $0.count < $1.count }) {
        columns.remove(at: columns.firstIndex(of: column) ?? 0)
        parts.append((column, false))
        rest = rest.dropFirst(column.count)
      } else if let new = oldNames.keys.first(where: { rest.begins(withPart: $0) }) {
        parts.append((new, true))
        rest = rest.dropFirst(new.count)
      } else if let table = newNames.keys.first(where: { rest.begins(withPart: $0) }) {
        parts.append((new(table), true))
        rest = rest.dropFirst(table.count)
      } else {
        let word = rest.prefix { $0 != "_" }
        parts.append((String(word), false))
        rest = rest.dropFirst(word.count)
      }
      if rest.first == "_" {
        parts.append(("_", false))
        rest = rest.dropFirst()
      }
    }
    return fitted(parts, taken)
  }

  private static func fitted(_ parts: [(text: String, isTable: Bool)], _ taken: Set<String>) -> String {
    var parts = parts
    var name: String { parts.map(\.text).joined() }
    guard let table = parts.firstIndex(where: \.isTable) else { return name }
    while (name.utf8.count > Identifier.limit || taken.contains(name)) && parts[table].text.count > 1 {
      parts[table].text.removeLast()
    }
    return name
  }
}

extension Substring {
  /// Whether the text begins with `part`, followed by an underscore or the end of the text.
  fileprivate func begins(withPart part: String) -> Bool {
    guard hasPrefix(part) else { return false }
    let next = dropFirst(part.count).first
    return next == nil || next == "_"
  }
}
