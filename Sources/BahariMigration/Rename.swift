import BahariPostgres

/// Something of a legacy table that gets a new name.
package struct RenamedObject: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable { case table, index, constraint, sequence }

  package let kind: Kind
  /// The legacy name of its table.
  package let table: String
  package let old: String
  package let new: String
}

/// The eleven renames, and the names of what hangs on the tables: renaming a table renames nothing else.
package enum Rename {
  /// In the design's order; the phase is that of its section 5.2.
  package static let tables: [(old: String, new: String, phase: Int)] = [
    ("villages", "mst_desa", 1),
    ("districts", "mst_kecamatan", 1),
    ("regencies", "mst_kabupaten", 1),
    ("provinces", "mst_provinsi", 1),
    ("roles", "mst_role", 2),
    ("organisasi", "mst_organisasi", 2),
    ("unit_pelaksanaan_teknis", "mst_upt", 2),
    ("pegawai", "mst_pegawai", 2),
    ("penyuluh", "mst_penyuluh", 2),
    ("kelompok_nelayan", "mst_kelompok_nelayan", 2),
    ("absensi", "trx_absensi", 3),
  ]

  private static let newNames = Dictionary(uniqueKeysWithValues: tables.map { ($0.old, $0.new) })
  private static let oldNames = Dictionary(uniqueKeysWithValues: tables.map { ($0.new, $0.old) })

  /// The new name of a legacy table.
  package static func new(_ old: String) -> String { newNames[old] ?? old }

  /// The legacy name of a renamed table.
  package static func old(_ new: String) -> String { oldNames[new] ?? new }

  /// The new name of a sequence, constraint or index: the names of legacy tables in it replaced by the new ones.
  ///
  /// A column's name may be that of a table too, as in `penyuluh_pegawai_id_pegawai_id_fk`: each of the object's
  /// columns stays as it is once. A name over 63 bytes, or one of `taken`, loses the end of its first table's name.
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
  /// Whether it begins with `part`, and an underscore or the end comes after.
  fileprivate func begins(withPart part: String) -> Bool {
    guard hasPrefix(part) else { return false }
    let next = dropFirst(part.count).first
    return next == nil || next == "_"
  }
}
