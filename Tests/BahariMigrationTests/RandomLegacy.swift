import BahariPostgres
import TestSupport

@testable import BahariMigration

/// A legacy database as an installation might have it: any rows that its keys admit, unusual values, missing and renamed
/// keys and indexes, columns of its own. The same for the same seed.
struct RandomLegacy {
  private var random: Seeded
  private var ids: [String: [Int]] = [:]
  private var nips: [String] = []
  private(set) var statements: [String] = LegacySchema.statements

  init(seed: UInt64) {
    random = Seeded(seed)
    columns()
    for table in LegacySchema.tables { rows(table) }
    objects()
  }

  private mutating func chance(_ one: Int) -> Bool { Int.random(in: 0..<one, using: &random) == 0 }

  private mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }

  // MARK: - Columns of its own

  private static let ownColumns = [
    "catatan text DEFAULT 'lama'", "\"Ukuran Topi\" numeric", "\"order\" jsonb", "foto bytea",
  ]

  private mutating func columns() {
    for table in LegacySchema.names where chance(4) {
      statements.append("ALTER TABLE public.\(table) ADD \(pick(Self.ownColumns))")
    }
    // A dropped column, whose position stays unused.
    for table in LegacySchema.names where chance(6) {
      statements.append("ALTER TABLE public.\(table) ADD dulu int; ALTER TABLE public.\(table) DROP dulu")
    }
  }

  // MARK: - Rows

  private mutating func rows(_ table: LegacyTable) {
    let parents = table.foreignKeys.map(\.target).filter { $0 != table.name }
    guard parents.allSatisfy({ ids[$0]?.isEmpty == false }) else { return }
    let first = table.name == "villages" ? 3_000_000_000 : 1
    var id = first
    for number in 0..<Int.random(in: 0...6, using: &random) {
      id += chance(3) ? Int.random(in: 1...9_000, using: &random) : 1
      let values = table.columns.map { value($0, table, id, number) }
      statements.append("INSERT INTO public.\(table.name) VALUES (\(values.joined(separator: ", ")))")
      ids[table.name, default: []].append(id)
    }
    if table.hasSequence, let last = ids[table.name]?.last {
      let next = last + Int.random(in: 0...500, using: &random)
      statements.append("SELECT setval('public.\(table.name)_id_seq', \(next), \(chance(2)))")
    }
  }

  private mutating func value(_ column: LegacyTable.Column, _ table: LegacyTable, _ id: Int, _ number: Int) -> String {
    if column.name == "id" { return "\(id)" }
    if table.name == "pegawai", column.name == "nip" {
      nips.append("\(pick(["0000", "1987'", "ñ ", ""]))\(number)")
      return quoted(nips[number])
    }
    if let key = table.foreignKeys.first(where: { $0.column == column.name }) {
      if key.targetColumn == "nip" { return quoted(pick(nips)) }
      guard let targets = ids[key.target], !targets.isEmpty, column.isNotNull || !chance(3) else { return "NULL" }
      return "\(pick(targets))"
    }
    if table.unique.contains(where: { $0.columns == [column.name] }) { return quoted("\(text(20))\(number)") }
    if !column.isNotNull && chance(4) { return "NULL" }
    return value(of: column.type)
  }

  private mutating func value(of type: String) -> String {
    switch type {
    case "text": return quoted(text(200))
    case "integer": return pick(["0", "-2147483648", "2147483647", "7"])
    case "boolean": return pick(["true", "false"])
    case "date": return quoted(pick(["2024-02-29", "4713-01-01 BC", "5874897-12-31", "1899-12-31"]))
    case "timestamp without time zone":
      return quoted(
        pick([
          "2024-03-31 23:59:59.999999", "4713-01-01 00:00:00 BC", "294276-12-31 23:59:59.999999", "infinity",
          "1970-01-01", "2024-01-05 02:03:04.000001",
        ]))
    case "double precision": return quoted(pick(["0", "-0", "1e-307", "NaN", "-Infinity", "123.45678901234567"]))
    case "numeric": return quoted(pick(["0.000", "-1e60", "1e-60", "NaN", "97.0300", "0"]))
    case "numeric(5,2)": return pick(["999.99", "-999.99", "0.00", "8.17"])
    case "numeric(10,8)": return pick(["99.99999999", "-10.00000001", "0"])
    case "numeric(11,8)": return pick(["999.99999999", "-0.00000001", "123.3"])
    default: return quoted(text(Int(type.filter(\.isNumber)) ?? 50))
    }
  }

  private static let texts = [
    "", " ", "O'Neil \"Oni\"", "Maké ½ – 鰹 🐟", "baris\nkedua\ttab", "a\\b\\\\c", "%_;--/* */", "NULL", "(1,2)",
    "{\"a\":[1]}",
    "\u{202e}kanan", "Kelompok Nelayan \u{0301}", String(repeating: "panjang ", count: 24),
  ]

  private mutating func text(_ limit: Int) -> String { String(pick(Self.texts).prefix(limit)) }

  private func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

  // MARK: - Keys, indexes and grants

  private mutating func objects() {
    for table in LegacySchema.tables {
      let qualified = "public.\(table.name)"
      for index in table.indexes where chance(5) { statements.append("DROP INDEX public.\(index.name)") }
      for key in table.foreignKeys where chance(6) {
        statements.append("ALTER TABLE \(qualified) DROP CONSTRAINT IF EXISTS \(table.name(of: key))")
      }
      for key in table.unique where chance(8) {
        statements.append("ALTER TABLE \(qualified) DROP CONSTRAINT \(key.name) CASCADE")
      }
      if chance(5) {
        statements.append("ALTER TABLE \(qualified) RENAME CONSTRAINT \(table.primaryKeyName) TO pk_\(table.name)")
      }
      if chance(5), table.hasSequence {
        statements.append("ALTER SEQUENCE \(qualified)_id_seq RENAME TO \"Urutan \(table.name)\"")
      }
      if chance(5) {
        let name = table.columns[1].name
        statements.append(
          "CREATE INDEX \"Indeks \(table.name)\" ON \(qualified) (\(name), id DESC) WHERE id > 3")
      }
      if chance(5) { statements.append("GRANT SELECT ON \(qualified) TO PUBLIC") }
      if chance(5) { statements.append("COMMENT ON TABLE \(qualified) IS \(quoted(pick(Self.texts)))") }
    }
  }
}
