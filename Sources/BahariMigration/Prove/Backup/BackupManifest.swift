import Foundation

/// A description of a backup's content and of its proof, kept as JSON beside the dump.
package struct BackupManifest: Codable, Sendable {
  package struct Table: Codable, Sendable {
    /// The table's name with its schema: `public.provinces`.
    package let name: String
    package let columns: [String]
    package let fingerprint: Fingerprint
  }

  package struct Sequence: Codable, Sendable {
    package let name: String
    package let last: Int64
  }

  /// The comparison of the restored copy with the dumped database.
  package struct Proof: Codable, Sendable {
    package let restoredAt: Date
    package let seconds: Double
    package let tables: Int
    package let rows: Int64
    /// Differences between the catalogs of the copy and the database, one line each: owners and grants, if the caller
    /// may not restore these.
    package let catalogDifferences: [String]
  }

  package var format = 1
  package let database: String
  package let serverVersion: String
  package let startedAt: Date
  /// PostgreSQL's name of the snapshot from which the fingerprints and the dump were read.
  package let snapshot: String
  package let file: String
  package let schemaFile: String
  package var bytes: Int64 = 0
  /// How many seconds it took to read the fingerprints and to write the dump.
  package var seconds = 0.0
  package let tables: [Table]
  /// The sequences' values before the dump. A snapshot does not include sequences, so the dump may have later values.
  package let sequences: [Sequence]
  package var proof: Proof?
  /// The result of the rehearsal on the restored copy; nil if there was none.
  package var rehearsal: String?

  package var rows: Int64 { tables.reduce(0) { $0 + $1.fingerprint.rows } }

  /// The fingerprint of each table, by the tables' names with their schemas.
  package var fingerprints: [String: Fingerprint] {
    Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0.fingerprint) })
  }

  /// The path of the manifest of a dump: `x.json` beside `x.dump`.
  package static func path(besides dump: String) -> String {
    (dump.hasSuffix(".dump") ? String(dump.dropLast(5)) : dump) + ".json"
  }

  package static func read(besides dump: String) throws -> BackupManifest {
    let path = path(besides: dump)
    guard let data = FileManager.default.contents(atPath: path) else { throw BackupError.manifestMissing(path) }
    do { return try coding.decoder.decode(BackupManifest.self, from: data) } catch {
      throw BackupError.manifestUnreadable(path, "\(error)")
    }
  }

  func write(besides dump: String) throws {
    let path = BackupManifest.path(besides: dump)
    try BackupManifest.coding.encoder.encode(self).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  private static var coding: (encoder: JSONEncoder, decoder: JSONDecoder) {
    let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    decoder.dateDecodingStrategy = .iso8601
    return (encoder, decoder)
  }
}
