import Foundation

/// Where a backup's files lie, named after the moment that it begins, and readable by their owner alone: they hold
/// everything that the database does.
struct BackupFiles {
  /// The dump, once it is proven.
  let dump: String
  let schema: String
  var unproven: String { dump + ".unproven" }

  /// Makes the folder where it is missing.
  init(_ folder: String, now: Date = .now) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw BackupError.file(folder, "cannot be made: \(error.localizedDescription)")
    }
    let clock = DateFormatter()
    clock.locale = Locale(identifier: "en_US_POSIX")
    clock.timeZone = TimeZone(identifier: "UTC")
    clock.dateFormat = "yyyyMMdd_HHmmss"
    // Two that begin in the same second do not get in each other's way.
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

  /// Gives the dump its name; it is proven.
  func keep() throws {
    guard rename(unproven, dump) == 0 else { throw BackupError.file(dump, String(cString: strerror(errno))) }
  }
}
