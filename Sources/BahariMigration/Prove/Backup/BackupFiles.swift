import Foundation

/// The files of a backup, named after the time at which it begins. Only their owner can read them, since they contain
/// all data of the database.
struct BackupFiles {
  /// The dump's path after the restored copy is found equal. Until then the dump is in the file `unproven`.
  let dump: String
  let schema: String
  var unproven: String { dump + ".unproven" }

  /// Creates the files, and the folder if it is missing.
  init(_ folder: String, now: Date = .now) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw BackupError.file(folder, "cannot be created: \(error.localizedDescription)")
    }
    let clock = DateFormatter()
    clock.locale = Locale(identifier: "en_US_POSIX")
    clock.timeZone = TimeZone(identifier: "UTC")
    clock.dateFormat = "yyyyMMdd_HHmmss"
    // Two backups that begin in the same second get different names.
    var stamp = clock.string(from: now)
    let base = stamp
    var number = 1
    while FileManager.default.fileExists(atPath: "\(folder)/schema_pre_migration_\(stamp).sql") {
      number += 1
      stamp = "\(base)_\(number)"
    }
    dump = "\(folder)/backup_pre_migration_\(stamp).dump"
    schema = "\(folder)/schema_pre_migration_\(stamp).sql"
    for path in [schema, unproven] {
      let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard file >= 0 else { throw BackupError.file(path, String(cString: strerror(errno))) }
      close(file)
    }
  }

  var size: Int64 {
    var info = stat()
    return stat(unproven, &info) == 0 ? Int64(info.st_size) : 0
  }

  func remove() {
    unlink(unproven)
    unlink(schema)
  }

  /// Gives the dump its final name, after the restored copy was found equal.
  func keep() throws {
    guard rename(unproven, dump) == 0 else { throw BackupError.file(dump, String(cString: strerror(errno))) }
  }
}
