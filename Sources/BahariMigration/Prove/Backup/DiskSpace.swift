import BahariPostgres
import Glibc

/// Checks that the disks have room for a backup, before it begins.
struct DiskSpace {
  /// Bytes that must be free in addition to the size of the tables. A dump is compressed, so it is mostly smaller.
  static let reserve: Int64 = 16_777_216

  /// Free bytes on the folder's disk for an unprivileged user; nil if they cannot be read.
  static func free(in folder: String) -> Int64? {
    var info = statvfs()
    guard statvfs(folder, &info) == 0 else { return nil }
    return Int64(info.f_bavail) * Int64(info.f_frsize)
  }

  /// Refuses a folder whose disk has no room for the dump of these tables.
  static func check(_ folder: String, for tables: [StoredTable]) throws {
    guard let free = free(in: folder) else { throw BackupError.file(folder, String(cString: strerror(errno))) }
    let needed = tables.reduce(reserve) { $0 + $1.bytes }
    guard free >= needed else { throw BackupError.diskTooSmall(folder: folder, needed: needed, free: free) }
  }

  /// Throws if the server's disk has no room for a copy of the database. Checks only if the server is on this machine
  /// and the caller may read the path of the server's data.
  static func checkServer(_ session: Session, _ conninfo: Conninfo) throws {
    let isHere = (conninfo["host"] ?? "/").hasPrefix("/")
    guard isHere, let folder = try? session.column("SELECT current_setting('data_directory')").first,
      let free = free(in: folder)
    else { return }
    let size = try session.query("SELECT pg_catalog.pg_database_size(pg_catalog.current_database())").int64(0, 0) ?? 0
    let needed = size + reserve
    guard free >= needed else { throw BackupError.diskTooSmall(folder: folder, needed: needed, free: free) }
  }
}
