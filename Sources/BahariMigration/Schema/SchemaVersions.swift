import BahariPostgres

/// The numbered versions of the database's schema. Missing versions are applied in order and recorded in
/// `bahari.schema_version`; none is ever taken back.
///
/// To change the schema: add a file `Schema/VersionN.swift` and name it in `all`.
package enum SchemaVersions {
  static let all: [SchemaVersion] = [
    Version1.regions, Version2.tables, Version3.additions, Version4.requestLog,
    Version5.replyColumns,
  ]

  /// The result of `migrate`.
  package enum Outcome: Equatable, Sendable {
    /// The schema was current already.
    case current
    /// The names of the versions that were applied.
    case applied([String])
  }

  /// Applies the versions that are missing, in one transaction. A second daemon that starts on the same database waits
  /// until the transaction ends.
  package static func migrate(_ session: Session) throws -> Outcome {
    guard session.setting("server_encoding") == "UTF8" else {
      throw SchemaError(
        "the database's encoding is \(session.setting("server_encoding") ?? "unknown"); it must be UTF8")
    }
    return try session.transaction {
      try AdvisoryLock.schema.holdInTransaction(session)
      let applied = try appliedVersions(session)
      guard let last = applied.last else {
        try refuseForeign(session)
        try session.execute("CREATE SCHEMA IF NOT EXISTS bahari; \(ledger)")
        return try apply(all[...], session)
      }
      guard last <= all.count else {
        throw SchemaError("the database has schema version \(last); this program knows \(all.count): use a newer one")
      }
      return try apply(all[last...], session)
    }
  }

  private static func appliedVersions(_ session: Session) throws -> [Int] {
    let exists = try session.query("SELECT to_regclass('bahari.schema_version') IS NOT NULL").bool(0, 0) ?? false
    guard exists else { return [] }
    let rows = try session.query("SELECT number FROM bahari.schema_version ORDER BY number")
    return (0..<rows.count).compactMap { rows.int32($0, 0).map(Int.init) }
  }

  /// Throws if a database without any applied version has tables or views, since Bahari did not create them.
  private static func refuseForeign(_ session: Session) throws {
    let rows = try session.query(
      """
      SELECT c.relname::text FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1 LIMIT 6
      """)
    guard rows.count > 0 else { return }
    let legacy = try LegacyColumns.read(session)
    guard !LegacySchema.isMajority(legacy.count) else {
      throw SchemaError(
        "the database is the old service's\(legacy.contains(where: \.isRenamed) ? ", migrated in part" : ""): "
          + "baharid migrate plan lists what a migration would do")
    }
    let names = (0..<min(rows.count, 5)).compactMap { rows.string($0, 0) }.joined(separator: ", ")
    throw SchemaError(
      "the database is not empty (\(names)\(rows.count > 5 ? ", …" : "")) and was not created by Bahari; "
        + "name an empty database")
  }

  /// The statement that creates the table of the applied versions.
  static let ledger = """
    CREATE TABLE bahari.schema_version (
      number integer PRIMARY KEY,
      name text NOT NULL,
      applied_at timestamp with time zone NOT NULL DEFAULT now()
    )
    """

  private static func apply(_ versions: ArraySlice<SchemaVersion>, _ session: Session) throws -> Outcome {
    guard !versions.isEmpty else { return .current }
    for version in versions {
      try RequiredExtension.provide(version.extensions, session)
      for statement in version.statements { try session.execute(statement) }
      try session.query(
        "INSERT INTO bahari.schema_version (number, name) VALUES ($1, $2)", ["\(version.number)", version.name])
    }
    return .applied(versions.map(\.name))
  }
}
