import BahariPostgres
import Glibc

/// Whether the disks can take a backup, looked at before it begins.
struct DiskSpace {
  /// A dump is mostly smaller than the tables, being compressed; this much is left over in any case.
  static let reserve: Int64 = 16_777_216

  /// Bytes that an unprivileged user may still write there; nil where the folder cannot be looked at.
  static func free(in folder: String) -> Int64? {
    var info = statvfs()
    guard statvfs(folder, &info) == 0 else { return nil }
    return Int64(info.f_bavail) * Int64(info.f_frsize)
  }

  /// Refuses a folder whose disk could not take the dump of these tables.
  static func check(_ folder: String, for tables: [StoredTable]) throws {
    guard let free = free(in: folder) else { throw BackupError.file(folder, String(cString: strerror(errno))) }
    let needed = tables.reduce(reserve) { $0 + $1.bytes }
    guard free >= needed else { throw BackupError.diskTooSmall(folder: folder, needed: needed, free: free) }
  }

  /// Refuses a copy of the database for which the server's disk has no room, as far as that can be seen from here:
  /// the server's folder is looked at where it is on this machine and the caller may know it.
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
