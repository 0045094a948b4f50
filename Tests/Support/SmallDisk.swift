import Foundation

/// A disk of a test's own with hardly any room, in memory, as long as this value lives.
package final class SmallDisk {
  package let folder: String

  /// Root may mount, unless the machine is a container that forbids it.
  package static let canBeMade: Bool = {
    guard geteuid() == 0, let disk = try? SmallDisk(megabytes: 1) else { return false }
    return withExtendedLifetime(disk) { true }
  }()

  package struct Refused: Error {}

  package init(megabytes: Int) throws {
    folder = try TemporaryFolder.make()
    guard mount("none", folder, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
      rmdir(folder)
      throw Refused()
    }
  }

  deinit {
    umount(folder)
    rmdir(folder)
  }
}
