import BahariPostgres

/// Why there is no backup, or no database from one, and what to do.
package enum BackupError: Error, Sendable, CustomStringConvertible {
  /// Bytes that the folder's disk would have to take, and that it has.
  case diskTooSmall(folder: String, needed: Int64, free: Int64)
  /// A copy differs from what was dumped; the lines say in what.
  case differs(copy: String, [String])
  case databaseExists(String)
  case mayNotCreate(String)
  case manifestMissing(String)
  case manifestUnreadable(String, String)
  /// The dump's file is not there, or not as long as its manifest says.
  case dumpUnusable(String, String)
  case tooLong(seconds: Int)
  case file(String, String)

  package var description: String {
    switch self {
    case .diskTooSmall(let folder, let needed, let free):
      "the disk of \(folder) has \(Megabytes(free)) free and \(Megabytes(needed)) may be needed:"
        + " free some, or name another folder"
    case .differs(let copy, let lines):
      "\(copy) differs from the database that was dumped, so this is no backup:\n  "
        + lines.joined(separator: "\n  ")
    case .databaseExists(let name):
      "the database \(name) exists, and a backup is never restored over one: name one that does not"
    case .mayNotCreate(let user):
      "\(user) may not create databases, and a backup is proven by restoring it into one: let a superuser run"
        + " ALTER ROLE \(Identifier.quoted(user)) CREATEDB"
    case .manifestMissing(let path):
      "\(path) is missing: without it nobody knows what the backup holds; it is written beside the dump"
    case .manifestUnreadable(let path, let reason): "\(path) is not a backup's manifest: \(reason)"
    case .dumpUnusable(let path, let reason): "\(path) \(reason)"
    case .tooLong(let seconds): "the backup took longer than the \(seconds) s that it may: allow more"
    case .file(let path, let reason): "\(path): \(reason)"
    }
  }
}
