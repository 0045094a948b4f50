import Dispatch
import Glibc
import TestSupport
import Testing

@testable import BahariPostgres

@Suite("Session", .onServer) struct SessionTests {
  private func session() async throws -> Session {
    try Session(ConnectionOptions(conninfo: try await TestCluster.shared().cluster.conninfo(database: "postgres")))
  }

  @Test("values go in as text and come out in binary") func values() async throws {
    let session = try await session()
    let rows = try session.query(
      "SELECT $1::int8, $2::int4, $3::text, $4::bool, $5::text, $6::float8",
      ["-9223372036854775808", "2147483647", "漁業 'x'", "true", nil, "1.5"])
    #expect(rows.count == 1 && rows.columns == 6)
    #expect(rows.int64(0, 0) == .min)
    #expect(rows.int32(0, 1) == .max)
    #expect(rows.string(0, 2) == "漁業 'x'")
    #expect(rows.bool(0, 3) == true)
    #expect(rows.string(0, 4) == nil && rows.bytes(0, 4) == nil)
    #expect(rows.int64(0, 1) == nil, "an int4 is no int8")
    #expect(rows.int32(0, 0) == nil)
    #expect(rows.bytes(0, 5).map(Array.init) == [0x3f, 0xf8, 0, 0, 0, 0, 0, 0])
    #expect(session.serverVersion >= 150_000)
    #expect(session.setting("TimeZone") == "UTC")
    #expect(session.setting("DateStyle")?.hasPrefix("ISO") == true)
  }

  @Test("settings that a conninfo asks for hold, but for those that every session needs") func settings() async throws {
    let cluster = try await TestCluster.shared().cluster
    var options = ConnectionOptions(
      conninfo: cluster.conninfo(database: "postgres") + " options='-c work_mem=1234kB -c TimeZone=Asia/Jakarta'")
    options.settings = ["statement_timeout": "5000"]
    let session = try Session(options)
    #expect(try session.query("SHOW work_mem").string(0, 0) == "1234kB")
    #expect(try session.query("SHOW TimeZone").string(0, 0) == "UTC")
    #expect(try session.query("SHOW statement_timeout").string(0, 0) == "5s")
  }

  @Test("an error names code, table, column and constraint") func errors() async throws {
    let session = try await session()
    try session.execute("CREATE TEMP TABLE t (id int PRIMARY KEY, n int NOT NULL CONSTRAINT small CHECK (n < 10))")
    let missing = #expect(throws: PostgresError.self) { try session.query("INSERT INTO t VALUES (1, NULL)") }
    #expect(missing?.sqlState == SQLState("23502"))
    #expect(missing?.column == "n" && missing?.table == "t")
    let large = #expect(throws: PostgresError.self) { try session.query("INSERT INTO t VALUES (1, 10)") }
    #expect(large?.sqlState == SQLState("23514") && large?.constraint == "small")
    let syntax = #expect(throws: PostgresError.self) { try session.query("SELEC 1") }
    #expect(syntax?.sqlState == SQLState("42601") && syntax?.constraint == nil)
    #expect(try session.query("INSERT INTO t VALUES (1, 2), (2, 3)").affected == 2)
  }

  @Test("a copy takes its data in any pieces, all or none, and the session goes on") func copies() async throws {
    struct Stop: Error {}
    let session = try await session()
    try session.execute("CREATE TEMP TABLE t (id int PRIMARY KEY, name text)")
    let copy = "COPY t (id, name) FROM STDIN"
    try session.copy(copy) { send in for piece in ["1\ta", "", "b\n2\t\\N\n"] { try send(Array(piece.utf8)) } }
    let rows = try session.query("SELECT id, name FROM t ORDER BY id")
    #expect(rows.count == 2 && rows.string(0, 1) == "ab" && rows.string(1, 1) == nil)
    #expect(throws: Stop.self) {
      try session.copy(copy) { send in
        try send(Array("3\tc\n".utf8))
        throw Stop()
      }
    }
    let taken = #expect(throws: PostgresError.self) { try session.copy(copy) { try $0(Array("4\td\n1\te\n".utf8)) } }
    #expect(taken?.sqlState == SQLState("23505"))
    let unknown = #expect(throws: PostgresError.self) { try session.copy("COPY nowhere FROM STDIN") { _ in } }
    #expect(unknown?.sqlState == SQLState("42P01"))
    #expect(try session.query("SELECT 1 FROM t").count == 2)
  }

  @Test("a transaction is kept when its body returns, and undone when it throws") func transactions() async throws {
    struct Stop: Error {}
    let session = try await session()
    try session.execute("CREATE TEMP TABLE t (id int)")
    try session.transaction { _ = try session.query("INSERT INTO t VALUES (1)") }
    #expect(throws: Stop.self) {
      try session.transaction {
        _ = try session.query("INSERT INTO t VALUES (2)")
        throw Stop()
      }
    }
    #expect(throws: PostgresError.self) { try session.transaction { _ = try session.query("SELECT 1/0") } }
    #expect(try session.query("SELECT sum(id) FROM t").int64(0, 0) == 1)
  }

  @Test("where no server is, connecting fails with a sentence") func unreachable() throws {
    let options = ConnectionOptions(conninfo: "host=/tmp/bahari-no-such-folder dbname=x")
    let error = #expect(throws: ConnectError.self) { _ = try Session(options) }
    #expect(try #require(error).description.contains("/tmp/bahari-no-such-folder"))
  }

  @Test("connecting to a server that does not answer ends, with a conninfo of keywords and with a URI") func silent()
    async throws
  {
    let server = try SilentServer()
    let places = ["host=127.0.0.1 port=\(server.port) dbname=x", "postgresql://127.0.0.1:\(server.port)/x"]
    let errors = Inbox<String>()
    for place in places {
      // On a thread of its own: one that waits for ever is to fail the test and not to stop it.
      DispatchQueue.global().async {
        var options = ConnectionOptions(conninfo: place)
        options.connectTimeoutNanoseconds = 2_000_000_000
        do {
          _ = try Session(options)
          errors.put("connected")
        } catch { errors.put("\(error)") }
      }
    }
    for error in try await errors.next(places.count) { #expect(error.contains("timeout"), "\(error)") }
    withExtendedLifetime(server) {}
  }

  @Test("arrays of every type come back as PostgreSQL reads them") func arrays() async throws {
    let conninfo = try await TestCluster.shared().cluster.conninfo(database: "postgres")
    let bench = PoolBench(conninfo)
    var numbers = ArrayParameter(of: .int8)
    var narrow = ArrayParameter(of: .int4)
    var doubles = ArrayParameter(of: .float8)
    var flags = ArrayParameter(of: .bool)
    var texts = ArrayParameter(of: .text)
    var times = ArrayParameter(of: .timestamp)
    for value in [Int64.min, 0, .max] { numbers.append(value) }
    for value in [Int32.min, 0, .max] { narrow.append(value) }
    for value in [-0.5, 1e300, 0] { doubles.append(value) }
    for value in [true, false] { flags.append(value) }
    for value in ["", "a,b", "{\"x\"}", "é\n", "NULL"] { texts.append(text: value) }
    texts.appendNull()
    times.append(Int64(86_400_000_000))
    var parameters = Parameters()
    let arrays = [numbers, narrow, doubles, flags, texts, times, ArrayParameter(of: .int8)]
    for array in arrays { parameters.add(array) }
    let columns = (1...arrays.count).map { "$\($0)::text" }.joined(separator: ", ")
    let statement = Statement("SELECT \(columns)", arrays.map(\.element.arrayOID))
    let rows = try await bench.read([Bound(statement, parameters)]).get()[0]
    #expect(
      (0..<rows.columns).map { rows.string(0, $0) } == [
        "{-9223372036854775808,0,9223372036854775807}", "{-2147483648,0,2147483647}", "{-0.5,1e+300,0}", "{t,f}",
        #"{"","a,b","{\"x\"}","é"# + "\n" + #"","NULL",NULL}"#, "{\"2000-01-02 00:00:00\"}", "{}",
      ])
    await bench.close()
  }
}

/// Accepts connections, by TCP on the loopback, and sends nothing.
private final class SilentServer {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (descriptor, length) = (descriptor, size)
    let listens = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    try #require(listens)
    port = UInt16(bigEndian: address.sin_port)
  }

  deinit { close(descriptor) }
}
