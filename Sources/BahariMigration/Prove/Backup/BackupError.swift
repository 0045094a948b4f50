import BahariPostgres

/// The reason why a backup or a restore failed, with advice.
package enum BackupError: Error, Sendable, CustomStringConvertible {
  /// The folder's disk has fewer free bytes than may be needed.
  case diskTooSmall(folder: String, needed: Int64, free: Int64)
  /// The restored copy differs from the dumped database. The lines are the differences.
  case differs(copy: String, [String])
  case databaseExists(String)
  case mayNotCreate(String)
  case manifestMissing(String)
  case manifestUnreadable(String, String)
  /// The dump's file is missing, or its length differs from the manifest.
  case dumpUnusable(String, String)
  case tooLong(seconds: Int)
  case file(String, String)

  package var description: String {
    switch self {
    case .diskTooSmall(let folder, let needed, let free):
      "the disk of \(folder) has \(Megabytes(free)) free and \(Megabytes(needed)) may be needed:"
        + " free some, or name another folder"
    case .differs(let copy, let lines):
      "\(copy) differs from the database that was dumped, so this is not a backup:\n  "
        + lines.joined(separator: "\n  ")
    case .databaseExists(let name):
      "the database \(name) exists, and a backup is never restored over one: choose another name"
    case .mayNotCreate(let user):
      "\(user) may not create databases, and a backup is proven by restoring it into one: let a superuser run"
        + " ALTER ROLE \(Identifier.quoted(user)) CREATEDB"
    case .manifestMissing(let path):
      "\(path) is missing: it has the backup's content and lies beside the dump"
    case .manifestUnreadable(let path, let reason): "\(path) is not a backup's manifest: \(reason)"
    case .dumpUnusable(let path, let reason): "\(path) \(reason)"
    case .tooLong(let seconds): "the backup took longer than its limit of \(seconds) s: allow more"
    case .file(let path, let reason): "\(path): \(reason)"
    }
  }
}
