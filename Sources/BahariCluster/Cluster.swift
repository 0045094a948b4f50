import Foundation

/// A private PostgreSQL cluster under one folder, reached by a Unix socket in it and by nothing else.
///
///     let cluster = try await Cluster.start(in: "/var/lib/bahari/postgres")
///     connect(cluster.conninfo)
///     await cluster.keepRunning { print($0) }  // until cancelled
///     try await cluster.stop()
///
/// One process at a time uses a cluster: it is locked as long as the value lives. A server that a crashed process left
/// running is adopted by the next start.
package struct Cluster: Sendable {
  /// Absolute and without links.
  package let folder: String
  /// It was running before, with the settings of that start.
  package let wasAdopted: Bool

  let starter: Starter
  private let lock: FolderLock

  package static let user = "bahari"
  package static let database = "bahari"
  /// The most that a start may take, crash recovery included.
  package static let startSeconds = 60

  package enum StopMode: String, Sendable {
    /// Ends all sessions and writes everything to disk.
    case fast
    /// Stops as in a crash: the next start recovers.
    case immediate
  }

  package var binaries: ServerBinaries { starter.binaries }

  private var layout: Layout { starter.layout }

  /// The connection string for libpq, of the database `bahari` or another.
  package var conninfo: String { conninfo(database: Cluster.database) }

  package func conninfo(database: String) -> String {
    // Layout refuses quotes and backslashes in the folder; a database's name may have them.
    let name = database.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    return "host='\(layout.socket)' port=\(Layout.port) user=\(Cluster.user) dbname='\(name)'"
  }

  /// The server's log file.
  package var logFile: String { layout.log }

  /// Starts the cluster in `folder`. Creates it first when there is none, or adopts it when it runs.
  ///
  /// `durable: false` is for data that need not survive a crash.
  package static func start(
    in folder: String, durable: Bool = true, searching places: ServerBinaries.Places = .init()
  ) async throws(ClusterError) -> Cluster {
    let path = URL(fileURLWithPath: folder).standardizedFileURL.path
    try Layout(path).check()
    let account = try Account.forServer()
    let layout = Layout(try Folder.prepare(path, for: account))
    try layout.check()
    let lock = try FolderLock(layout.folder)
    try await Folder.checkEntry(layout, as: account)
    try Folder.give(layout.socket, to: account, mode: 0o700)
    let data = try layout.dataVersion()
    let binaries = try await ServerBinaries.find(in: places, data: data, of: layout.folder)
    let starter = Starter(layout: layout, account: account, binaries: binaries, durable: durable)
    if data == nil { try await starter.create() }
    let wasAdopted = try await starter.adopt()
    if !wasAdopted { try await starter.start() }
    return Cluster(folder: layout.folder, wasAdopted: wasAdopted, starter: starter, lock: lock)
  }

  /// Stops the server and waits until its process has ended. Does nothing when it does not run.
  package func stop(_ mode: StopMode = .fast) async throws(ClusterError) {
    guard Postmaster.running(on: layout) != nil else { return }
    try await binaries.tool("pg_ctl", as: starter.account)
      .run(["stop", "-w", "-t", "\(Cluster.startSeconds)", "-m", mode.rawValue, "-D", layout.data])
  }
}
