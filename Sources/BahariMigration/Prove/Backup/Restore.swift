import BahariCluster
import BahariPostgres
import Foundation

/// Restores a backup into a new database, never into an existing one, and compares the result with the manifest.
package struct Restore: Sendable {
  let dump: String
  let manifest: BackupManifest
  let places: ServerBinaries.Places
  let limit: Duration

  /// - Parameter dump: The path of the backup's `.dump`.
  package init(
    of dump: String, searching places: ServerBinaries.Places = .init(), within limit: Duration
  ) throws {
    manifest = try BackupManifest.read(besides: dump)
    var info = stat()
    guard stat(dump, &info) == 0 else { throw BackupError.dumpUnusable(dump, String(cString: strerror(errno))) }
    guard info.st_size == manifest.bytes else {
      throw BackupError.dumpUnusable(
        dump, "has \(info.st_size) bytes, and had \(manifest.bytes) when it was proven: get another copy of it")
    }
    (self.dump, self.places, self.limit) = (dump, places, limit)
  }

  /// Creates the database `name` on the server of `conninfo` and restores the backup into it. Drops the database again
  /// after an error or if it differs from the backup. Returns the manifest, which lists the content of the new
  /// database.
  package func into(
    _ name: String, _ conninfo: Conninfo, progress: @escaping @Sendable (BackupProgress) -> Void = { _ in }
  ) async throws -> BackupManifest {
    let session = try Session(ConnectionOptions(conninfo: conninfo.text))
    let programs = try await ClientPrograms.find(forServer: session.serverVersion / 10_000, in: places)
    let copy = try DatabaseCopy.create(name, like: session, conninfo)
    do {
      let restoring = BackupPart(.restoring, manifest.tables)
      try await copy.fill(from: dump, programs.restore, within: limit) { progress(restoring.next($0)) }
      let comparing = BackupPart(.comparing, manifest.tables)
      let differences = try copy.differences(from: manifest) { progress(comparing.next($0)) }
      guard differences.isEmpty else {
        throw BackupError.differs(copy: "the database restored from \(dump)", differences)
      }
    } catch {
      try? copy.drop()
      throw error
    }
    return manifest
  }
}
