import TestSupport
import Testing

@testable import BahariPostgres

/// A role, and a database, that change every setting on which a result may depend.
@Suite("The settings of sessions", .onServer) struct SessionSettingsTests {
  /// Each setting with the value that a role or database gives it here, and with the value that sessions need.
  private static let hostile: [(name: String, value: String, needed: String)] = [
    ("TimeZone", "'Asia/Jakarta'", "UTC"),
    ("DateStyle", "'SQL, DMY'", "ISO, MDY"),
    ("IntervalStyle", "sql_standard", "postgres"),
    ("extra_float_digits", "-15", "1"),
    ("bytea_output", "escape", "hex"),
    ("search_path", "pg_temp, nowhere", "pg_catalog"),
    ("row_security", "on", "off"),
    ("standard_conforming_strings", "off", "on"),
    ("backslash_quote", "off", "safe_encoding"),
    ("array_nulls", "off", "on"),
    ("transform_null_equals", "on", "off"),
    ("quote_all_identifiers", "on", "off"),
    ("gin_fuzzy_search_limit", "1", "0"),
    ("exit_on_error", "on", "off"),
    ("default_transaction_isolation", "'repeatable read'", "read committed"),
    ("default_transaction_read_only", "on", "off"),
    ("default_transaction_deferrable", "on", "off"),
    ("statement_timeout", "'1min'", "0"),
    ("lock_timeout", "'1min'", "0"),
    ("idle_in_transaction_session_timeout", "'1min'", "0"),
    ("idle_session_timeout", "'1min'", "0"),
    ("stats_fetch_consistency", "none", "cache"),
  ]

  private static let query =
    "SELECT "
    + hostile.map { "(SELECT setting FROM pg_catalog.pg_settings WHERE name = '\($0.name)')" }.joined(separator: ", ")

  /// A connection string for a new database, with the settings given to `target`: its role or the database.
  private func conninfo(_ name: String, _ target: String) async throws -> String {
    let cluster = try await TestCluster.shared()
    let conninfo = try await cluster.database(named: name)
    try await cluster.execute("DROP ROLE IF EXISTS \(name);\nCREATE ROLE \(name) LOGIN;")
    try await cluster.execute(
      Self.hostile.map { "ALTER \(target) \(name) SET \($0.name) = \($0.value);" }.joined(separator: "\n"))
    return conninfo + " user=\(name)"
  }

  private func expectNeeded(_ values: [String?], _ where: String) {
    for (setting, value) in zip(Self.hostile, values) {
      #expect(value == setting.needed, "\(setting.name) \(`where`)")
    }
  }

  @Test("a session keeps its settings, whatever its role or its database has", arguments: ["ROLE", "DATABASE"])
  func session(_ target: String) async throws {
    let conninfo = try await conninfo("settings_session_\(target.lowercased())", target)
    let rows = try Session(ConnectionOptions(conninfo: conninfo)).query(Self.query)
    expectNeeded((0..<rows.columns).map { rows.string(0, $0) }, "of a session")
  }

  @Test("a pool's connections keep theirs, and the pool's own settings come before them") func pool() async throws {
    let conninfo = try await conninfo("settings_pool", "ROLE")
    let bench = PoolBench(conninfo, settings: ["lock_timeout": "20"])
    let rows = try await bench.read([Bound(Statement(Self.query))]).get()[0]
    var values = (0..<rows.columns).map { rows.string(0, $0) }
    // The bench sets the search path of its pools.
    for (name, value) in ["lock_timeout": "20", "search_path": "public"] {
      let place = try #require(Self.hostile.firstIndex { $0.name == name })
      #expect(values[place] == value)
      values[place] = Self.hostile[place].needed
    }
    expectNeeded(values, "of a pool's connection")
    await bench.close()
  }

  @Test("settings in the conninfo do not replace them either") func conninfo() async throws {
    let conninfo = try await TestCluster.shared().cluster.conninfo(database: "postgres")
    let options =
      #"-c default_transaction_isolation=repeatable\\ read -c search_path=public --row-security=on "#
      + #"-c work_mem=1234kB"#
    let session = try Session(ConnectionOptions(conninfo: conninfo + " options='\(options)'"))
    #expect(try session.query("SHOW default_transaction_isolation").string(0, 0) == "read committed")
    #expect(try session.query("SHOW search_path").string(0, 0) == "pg_catalog")
    #expect(try session.query("SHOW row_security").string(0, 0) == "off")
    #expect(try session.query("SHOW work_mem").string(0, 0) == "1234kB")
  }

  @Test("a value that PostgreSQL reports and that was not asked for is an error") func mismatch() throws {
    let reported = ["TimeZone": "Asia/Jakarta", "DateStyle": "ISO, MDY"]
    #expect(
      SessionSettings.mismatch(SessionSettings.pinned) { reported[$0] }
        == "the session's TimeZone is Asia/Jakarta and has to be UTC")
    #expect(SessionSettings.mismatch(["DateStyle": "ISO, MDY"]) { reported[$0] } == nil)
    #expect(SessionSettings.mismatch(["array_nulls": "on"]) { reported[$0] } == nil, "PostgreSQL does not report it")
  }

  @Test("values may have spaces, tabs and backslashes") func escapes() async throws {
    var options = ConnectionOptions(
      conninfo: try await TestCluster.shared().cluster.conninfo(database: "postgres"))
    options.settings["search_path"] = "\"a b\", \"c\\d\te\""
    #expect(try Session(options).query("SHOW search_path").string(0, 0) == "\"a b\", \"c\\d\te\"")
  }
}
