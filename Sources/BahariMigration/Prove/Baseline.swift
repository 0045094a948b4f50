import BahariPostgres
import Foundation

/// The times of three reads that the design measures before and after the migration (its section 8.5).
package struct Baseline: Codable, Sendable {
  package struct Read: Codable, Sendable {
    package let name: String
    /// The longest time that the design allows for this read, in milliseconds.
    package let limit: Double
    /// The median time of several runs, in milliseconds.
    package let milliseconds: Double
    /// The output of EXPLAIN ANALYZE.
    package let plan: [String]
  }

  package let takenAt: Date
  package let reads: [Read]

  private static let rounds = 15

  /// Runs each read several times, with the tables' present names.
  package static func take(_ session: Session) throws -> Baseline {
    let names = Dictionary(uniqueKeysWithValues: try LegacyColumns.read(session).map { ($0.legacyName, $0.name) })
    let reads = try queries { "public.\(names[$0] ?? $0)" }.map { name, limit, sql in
      // The first run is not measured: it loads the pages into memory.
      try session.query(sql)
      let times = try (0..<rounds).map { _ in
        let begin = ContinuousClock.now
        try session.query(sql)
        return (ContinuousClock.now - begin).milliseconds
      }
      let plan = try session.column("EXPLAIN (ANALYZE, BUFFERS) \(sql)")
      return Read(name: name, limit: limit, milliseconds: times.sorted()[rounds / 2], plan: plan)
    }
    return Baseline(takenAt: .now, reads: reads)
  }

  /// The three reads. They use only old columns, so that they read the same before and after the migration. `table`
  /// returns a legacy table's present name.
  private static func queries(_ table: (String) -> String) -> [(name: String, limit: Double, sql: String)] {
    [
      (
        "100 employees", 100,
        """
        SELECT p.id, p.nip, p.nama, p.email, p.jabatan, p.status_aktif, p.created_at, o.nama_organisasi, r.nama_role
        FROM \(table("pegawai")) p
        JOIN \(table("organisasi")) o ON o.id = p.organisasi_id JOIN \(table("roles")) r ON r.id = p.role_id
        ORDER BY p.created_at DESC NULLS LAST, p.id DESC LIMIT 100
        """
      ),
      (
        "provinces", 50,
        "SELECT id, name, alt_name, latitude, longitude FROM \(table("provinces")) ORDER BY name, id LIMIT 100"
      ),
      (
        "groups with pages", 150,
        """
        SELECT k.id, k.nib_kelompok, k.nama_kelompok, u.nama_organisasi, p.name,
          (SELECT count(*) FROM \(table("kelompok_nelayan")))
        FROM \(table("kelompok_nelayan")) k JOIN \(table("unit_pelaksanaan_teknis")) u ON u.id = k.upt_id
        JOIN \(table("provinces")) p ON p.id = k.province_id
        ORDER BY k.created_at DESC NULLS LAST, k.id DESC LIMIT 10 OFFSET 10
        """
      ),
    ]
  }
}

extension Duration {
  /// The duration in milliseconds, with fractions.
  package var milliseconds: Double { Double(components.seconds) * 1_000 + Double(components.attoseconds) / 1e15 }
}
