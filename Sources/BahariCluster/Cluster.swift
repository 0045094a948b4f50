import Foundation

/// A private PostgreSQL cluster in a folder. It is reachable only by a Unix socket in that folder.
///
///     let cluster = try await Cluster.start(in: "/var/lib/bahari/postgres")
///     connect(cluster.conninfo)
///     await cluster.keepRunning { print($0) }  // until cancelled
///     try await cluster.stop()
///
/// Only one process at a time can use a cluster: the cluster is locked as long as the value exists. If a process
/// crashes and its server continues to run, the next start adopts that server.
package struct Cluster: Sendable {
  /// The cluster's folder, as an absolute path without symbolic links.
  package let folder: String
  /// Whether the server was running already. It then keeps the settings with which it was started.
  package let wasAdopted: Bool

  let starter: Starter
  private let lock: FolderLock

  package static let user = "bahari"
  package static let database = "bahari"
  /// The longest time that a start may take, including recovery after a crash.
  package static let startSeconds = 60

  package enum StopMode: String, Sendable {
    /// Disconnects all sessions and writes all data to disk.
    case fast
    /// Stops without writing all data to disk, as in a crash. The next start recovers the data.
    case immediate
  }

  package var binaries: ServerBinaries { starter.binaries }

  private var layout: Layout { starter.layout }

  /// The connection string for libpq, for the database `bahari`.
  package var conninfo: String { conninfo(database: Cluster.database) }

  package func conninfo(database: String) -> String {
    // Only the database's name needs escapes: `Layout` refuses folders with quotes or backslashes.
    let name = database.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    return "host='\(layout.socket)' port=\(Layout.port) user=\(Cluster.user) dbname='\(name)'"
  }

  /// The path of the server's log file.
  package var logFile: String { layout.log }

  /// Starts the cluster's server in `folder`. First creates the cluster if the folder has none. Adopts the server if it
  /// is already running.
  ///
  /// `durable: false` is faster, for data that may be lost in a crash.
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

  /// Stops the server and waits until its process has ended. Does nothing if the server is not running.
  package func stop(_ mode: StopMode = .fast) async throws(ClusterError) {
    guard Postmaster.running(on: layout) != nil else { return }
    try await binaries.tool("pg_ctl", as: starter.account)
      .run(["stop", "-w", "-t", "\(Cluster.startSeconds)", "-m", mode.rawValue, "-D", layout.data])
  }
}
