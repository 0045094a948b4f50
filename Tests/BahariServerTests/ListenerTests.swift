import BahariFrame
import BahariShard
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import BahariServer

/// The socket's file, and who gets the clients that connect to it.
@Suite("Listener") struct ListenerTests {
  /// A path in a folder of its own, which is removed in the end.
  private final class Place {
    let folder = "/tmp/bahari-listener-\(UUID().uuidString.prefix(13))"
    var path: String { folder + "/bahari.sock" }

    init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func connect() throws -> Client {
      let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
      let address = try #require(UnixAddress(path))
      let client = Client(descriptor)
      guard address.connect(descriptor) == 0 else { throw Trouble("nobody listens: errno \(errno)") }
      return client
    }
  }

  private func listen(_ place: Place, _ servers: [EchoServer], connections: Int = 100) throws -> Listener {
    var limits = ServerLimits()
    limits.connections = connections
    return try Listener(path: place.path, hosts: servers.map(\.server), limits: limits)
  }

  @Test("each client goes to the shard with the fewest; one too many is closed") func spread() async throws {
    let place = try Place()
    let servers = [EchoServer(), EchoServer()]
    let listener = try listen(place, servers, connections: 10)
    listener.open()
    var clients = try (0..<10).map { _ in try place.connect() }
    for client in clients { try client.expectServed() }
    #expect(servers.map(\.server.connectionCount) == [5, 5])
    #expect(try place.connect().frame() == nil)
    clients.removeLast()
    try await eventually("there is room again") { servers.reduce(0) { $0 + $1.server.connectionCount } == 9 }
    try place.connect().expectServed()
    await listener.close()
  }

  @Test("at the end the socket is removed, and who has connected is served") func close() async throws {
    let place = try Place()
    let listener = try listen(place, [EchoServer()])
    // Not open: these wait in the socket's queue.
    let clients = try (0..<5).map { _ in try place.connect() }
    await listener.close()
    #expect(!FileManager.default.fileExists(atPath: place.path))
    for client in clients { try client.expectServed() }
  }

  @Test("owner and group may connect, and the process's umask stays as it is") func mode() throws {
    let place = try Place()
    let other = "\(place.folder)/other"
    // Another thread creates folders while the socket is made.
    let stop = Atomic(false)
    let modes = Mutex<Set<Int>>([])
    let thread = Thread {
      while !stop.load(ordering: .relaxed) {
        mkdir(other, 0o777)
        var info = stat()
        if stat(other, &info) == 0 { _ = modes.withLock { $0.insert(Int(info.st_mode & 0o777)) } }
        rmdir(other)
      }
    }
    thread.start()
    for _ in 0..<200 {
      let listener = try listen(place, [EchoServer()])
      var info = stat()
      #expect(stat(place.path, &info) == 0 && info.st_mode & 0o777 == 0o660)
      withExtendedLifetime(listener) {}
    }
    stop.store(true, ordering: .relaxed)
    while !thread.isFinished { usleep(1_000) }
    #expect(modes.withLock { $0.count } == 1)
  }

  @Test("a socket that nobody listens at is replaced") func stale() async throws {
    let place = try Place()
    let descriptor = OwnedFileDescriptor(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
    #expect(try #require(UnixAddress(place.path)).bind(descriptor.raw) == 0)
    let listener = try listen(place, [EchoServer()])
    listener.open()
    try place.connect().expectServed()
    await listener.close()
  }

  @Test("a path that is in use is left alone", arguments: ["daemon", "program", "file", "folder"])
  func inUse(by user: String) async throws {
    let place = try Place()
    var path = place.path
    var holder: AnyObject?
    switch user {
    case "daemon": holder = try listen(place, [EchoServer()])
    case "program":
      let descriptor = OwnedFileDescriptor(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
      #expect(try #require(UnixAddress(path)).bind(descriptor.raw) == 0)
      #expect(Glibc.listen(descriptor.raw, 5) == 0)
      holder = descriptor
    case "file": #expect(FileManager.default.createFile(atPath: path, contents: Data("mine".utf8)))
    default: path = place.folder + "/missing/bahari.sock"
    }
    let error = #expect(throws: ListenError.self) {
      try Listener(path: path, hosts: [EchoServer().server], limits: ServerLimits())
    }
    let reason = ["daemon": "another daemon", "program": "another program", "file": "no socket", "folder": "does not"]
    #expect(error?.description.contains(reason[user] ?? "?") == true, "\(String(describing: error))")
    withExtendedLifetime(holder) {}
    if user == "file" { #expect(FileManager.default.contents(atPath: path) == Data("mine".utf8)) }
  }
}
