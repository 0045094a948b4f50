import BahariPostgres

/// The schema `public` as plain lines, to compare two databases: columns, types, defaults, constraints, indexes,
/// triggers, policies, views, sequences, owners, grants and comments. Objects of extensions are left out.
package struct CanonicalCatalog: Codable, Equatable, Sendable {
  package struct Entry: Codable, Hashable, Sendable {
    package let kind: String
    /// The table that the object belongs to; the object's own name if it belongs to no table.
    package let table: String
    package let name: String
    package let detail: String

    package var line: String {
      "\(kind) \(table)" + (name.isEmpty ? "" : ".\(name)") + (detail.isEmpty ? "" : " \(detail)")
    }
  }

  package private(set) var entries: [Entry]

  package var lines: [String] { entries.map(\.line).sorted() }

  package init(entries: [Entry]) { self.entries = entries }

  /// Reads the catalog as this session's transaction sees it.
  package static func read(_ session: Session) throws -> CanonicalCatalog {
    // With this search path PostgreSQL writes every name in `public` with its schema.
    let path = try session.column("SELECT current_setting('search_path')")[0]
    try session.query("SELECT set_config('search_path', 'pg_catalog', false)")
    let rows = try session.texts(query)
    try session.query("SELECT set_config('search_path', $1, false)", [path])
    return CanonicalCatalog(
      entries: rows.map { Entry(kind: $0[0], table: $0[1], name: $0[2], detail: renamed($0[3])) })
  }

  /// Returns this catalog with the new names of the renamed objects.
  package func renamed(by renames: [RenamedObject]) -> CanonicalCatalog {
    var relations: [String: String] = [:]
    var constraints: [String: String] = [:]
    for rename in renames {
      if rename.kind == .constraint {
        constraints["\(rename.table) \(rename.old)"] = rename.new
      }
      // The index of a primary or unique key has the key's name.
      relations[rename.old] = rename.new
    }
    return CanonicalCatalog(
      entries: entries.map { entry in
        let name =
          entry.kind == "constraint"
          ? constraints["\(entry.table) \(entry.name)"] ?? entry.name
          : ["index", "sequence", "grant"].contains(entry.kind) ? relations[entry.name] ?? entry.name : entry.name
        return Entry(
          kind: entry.kind, table: relations[entry.table] ?? entry.table, name: name,
          detail: Self.renamed(entry.detail, relations))
      })
  }

  /// Replaces tables' names in PostgreSQL's text of an object. There `public.` precedes each table's name, and in the
  /// text of a view the table's name or alias precedes each column. An alias that is the table's old name is left out,
  /// since it changes nothing.
  private static func renamed(_ detail: String, _ relations: [String: String] = [:]) -> String {
    let parts = detail.split(separator: "public.", omittingEmptySubsequences: false)
    guard parts.count > 1, let head = parts.first else { return detail }
    var qualifiers: [String: String] = [:]
    let mapped = parts.dropFirst().map { part in
      let name = String(part.prefix(while: \.isInName))
      let new = relations[name] ?? name
      if new != name { qualifiers[name] = new }
      let rest = part.dropFirst(name.count)
      let alias = " " + Rename.old(new)
      guard rest.hasPrefix(alias), rest.dropFirst(alias.count).first?.isInName != true else { return new + rest }
      qualifiers[Rename.old(new)] = new
      return new + rest.dropFirst(alias.count)
    }
    return qualified(([String(head)] + mapped).joined(separator: "public."), qualifiers)
  }

  /// Replaces the tables' names that precede columns in the text of a view.
  private static func qualified(_ text: String, _ tables: [String: String]) -> String {
    tables.reduce(text) { text, table in
      var parts = text.split(separator: table.key + ".", omittingEmptySubsequences: false).map(String.init)
      for place in parts.indices.dropLast() {
        let isWhole = parts[place].last.map { !$0.isInName && $0 != "." } ?? true
        parts[place] += (isWhole ? table.value : table.key) + "."
      }
      return parts.joined()
    }
  }

  /// The differences between two catalogs, one line each, sorted.
  package static func differences(expected: CanonicalCatalog, found: CanonicalCatalog) -> [String] {
    let (expected, found) = (Set(expected.entries.map(\.line)), Set(found.entries.map(\.line)))
    return expected.subtracting(found).sorted().map { "missing: \($0)" }
      + found.subtracting(expected).sorted().map { "unexpected: \($0)" }
  }
}

extension Character {
  fileprivate var isInName: Bool { isLetter || isNumber || self == "_" }
}
