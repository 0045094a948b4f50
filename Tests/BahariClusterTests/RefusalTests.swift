import BahariCluster
import Foundation
import TestSupport
import Testing

/// Refusals before anything is created, each with advice.
@Suite("Cluster refusals") struct RefusalTests {
  private func temporary() throws -> String {
    let folder = try TemporaryFolder.make()
    // Other accounts must be able to read it, as below /var/lib.
    #expect(chmod(folder, 0o755) == 0)
    return folder
  }

  private func remove(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }

  /// A program that prints this version for `--version`.
  private func fakeServer(_ version: String, in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for name in ["initdb", "pg_ctl", "postgres"] {
      let path = "\(folder)/\(name)"
      try "#!/bin/sh\necho '\(name) (PostgreSQL) \(version) (test)'\n"
        .write(toFile: path, atomically: false, encoding: .utf8)
      #expect(chmod(path, 0o755) == 0)
    }
  }

  @Test("no server at all") func missing() async throws {
    let folder = try temporary()
    defer { remove(folder) }
    let places = ServerBinaries.Places(path: folder, versions: folder + "/none")
    let error = await #expect(throws: ClusterError.self) {
      try await Cluster.start(in: folder + "/pg", searching: places)
    }
    #expect(error == .serverMissing(searched: ["PATH", folder + "/none/*/bin"], tooOld: []))
    #expect(error?.description.contains("apt-get install postgresql") == true)
  }

  @Test("a server that is too old is listed") func tooOld() async throws {
    let folder = try temporary()
    defer { remove(folder) }
    try fakeServer("14.9", in: folder + "/14/bin")
    let error = await #expect(throws: ClusterError.self) {
      try await ServerBinaries.find(in: .init(path: "", versions: folder))
    }
    #expect(error == .serverMissing(searched: [folder + "/*/bin"], tooOld: [folder + "/14/bin"]))
  }

  @Test("PATH comes first, then the newest, by number and not by letter") func order() async throws {
    let folder = try temporary()
    defer { remove(folder) }
    try fakeServer("15.4", in: folder + "/own")
    for version in [9, 15, 17, 100] { try fakeServer("\(version).1", in: "\(folder)/\(version)/bin") }
    let newest = try await ServerBinaries.find(in: .init(path: "/nowhere", versions: folder))
    #expect(newest.folder == folder + "/100/bin" && newest.version == 100)
    let own = try await ServerBinaries.find(in: .init(path: "relative:\(folder)/own", versions: folder))
    #expect(own.folder == folder + "/own" && own.version == 15)
    // The version of existing data decides.
    let matching = try await ServerBinaries.find(in: .init(path: "", versions: folder), data: "17")
    #expect(matching.folder == folder + "/17/bin")
  }

  @Test("data of a version that is not installed") func wrongVersion() async throws {
    let folder = try temporary()
    defer { remove(folder) }
    try fakeServer("15.4", in: folder + "/bin")
    let data = folder + "/pg/data"
    try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
    try "12\n".write(toFile: data + "/PG_VERSION", atomically: false, encoding: .utf8)
    if geteuid() == 0, let (user, group) = serverAccount { #expect(chown(folder + "/pg", user, group) == 0) }
    let error = await #expect(throws: ClusterError.self) {
      try await Cluster.start(
        in: folder + "/pg", searching: .init(path: folder + "/bin", versions: folder + "/none"))
    }
    #expect(error == .versionMismatch(folder + "/pg", data: "12", installed: ["15"]))
    #expect(error?.description.contains("postgresql-12") == true)
  }

  @Test("a socket's path of 107 bytes is the longest") func tooLong() async throws {
    let folder = try temporary()
    defer { remove(folder) }
    let rest = 107 - "\(folder)//socket/.s.PGSQL.5432".utf8.count
    let tooLong = folder + "/" + String(repeating: "a", count: rest + 1)
    let error = await #expect(throws: ClusterError.self) { try await Cluster.start(in: tooLong) }
    #expect(error == .socketPathTooLong(tooLong + "/socket/.s.PGSQL.5432", bytes: 108))
    #expect(!FileManager.default.fileExists(atPath: tooLong))
    // One byte less passes this check and fails the next one.
    let longest = await #expect(throws: ClusterError.self) {
      try await Cluster.start(in: String(tooLong.dropLast()), searching: .init(path: "", versions: folder))
    }
    #expect(longest == .serverMissing(searched: [folder + "/*/bin"], tooOld: []))
  }

  @Test("a path that a shell could split", arguments: ["a'b", "a\"b", "a$b", "a`b", "a\\b", "a\nb"])
  func unusable(name: String) async {
    await #expect(throws: ClusterError.unusablePath("/tmp/\(name)")) { try await Cluster.start(in: "/tmp/\(name)") }
  }

  @Test("a folder with files of another owner is not changed", .enabled(if: geteuid() == 0, "needs root"))
  func notOurs() async throws {
    let folder = try temporary()
    defer { remove(folder) }
    try "x".write(toFile: folder + "/precious", atomically: false, encoding: .utf8)
    let error = await #expect(throws: ClusterError.self) { try await Cluster.start(in: folder) }
    guard case .notOurs(folder, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    var info = stat()
    #expect(stat(folder, &info) == 0 && info.st_uid == 0 && info.st_mode & 0o777 == 0o755)
  }

  @Test("a parent that the server's account cannot enter", .enabled(if: geteuid() == 0, "needs root"))
  func cannotEnter() async throws {
    let folder = try temporary()
    defer { remove(folder) }
    #expect(chmod(folder, 0o700) == 0)
    let error = await #expect(throws: ClusterError.self) { try await Cluster.start(in: folder + "/a/b") }
    guard case .cannotEnter(folder, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.description.contains("chmod o+x \(folder)") == true)
  }
}
