import BahariCatalog
import BahariClient
import BahariFrame
import TestSupport
import Testing

@testable import BahariService

/// Settings of a role or database that would change what calls do.
@Suite("Hostile settings", .ownDatabases) struct HostileSettingsTests {
  private func bench(_ name: String, _ settings: [String]) async throws -> ServiceBench {
    let changes = settings.map { "EXECUTE format('ALTER DATABASE %I SET \($0)', current_database());" }
    return try await ServiceBench(
      name, sql: Regions.sql + Fishery.masters + "DO $do$ BEGIN \(changes.joined(separator: " ")) END $do$")
  }

  /// Both calls wait for the day's lock when it is released. With a snapshot from before that, the second one would not
  /// see the row of the first.
  @Test(
    "of two check-ins for one day one is refused, whatever the default isolation is",
    arguments: ["repeatable read", "serializable"])
  func attendance(_ isolation: String) async throws {
    let bench = try await bench("hostile_isolation", ["default_transaction_isolation = ''\(isolation)''"])
    let lock = "hashtextextended(concat_ws('|', 'trx_absensi', '\(Fishery.nip)', '2026-01-01'), 0)"
    try bench.session.query("SELECT pg_catalog.pg_advisory_lock(\(lock))")
    let checkIn = Bahari_V1_CheckInRequest.with {
      ($0.nip, $0.date, $0.ciLatitude, $0.ciLongitude) = (Fishery.nip, "2026-01-01", "-5", "105")
      $0.checkin.seconds = 1_767_225_600
    }
    let calls = [
      try await bench.start(checkIn, "Absensi", .checkIn), try await bench.start(checkIn, "Absensi", .checkIn),
    ]
    try await eventually("both wait for the lock") {
      try bench.value(
        """
        SELECT count(*) FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database
        WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted
        """) == "2"
    }
    try bench.session.query("SELECT pg_catalog.pg_advisory_unlock(\(lock))")
    var refused: [String?] = []
    for call in calls {
      do { _ = try await call.reply() } catch let status as BahariFrame.Status {
        refused.append(status.metadata["response_code"])
      }
    }
    #expect(refused == ["4090001"])
    #expect(try bench.value("SELECT count(*) FROM public.trx_absensi WHERE date = '2026-01-01'") == "1")
    await bench.close()
  }

  @Test("calls work where the database's sessions are read-only, and resolve and quote names in another way")
  func calls() async throws {
    let bench = try await bench(
      "hostile_calls",
      [
        "default_transaction_read_only = on", "search_path = nowhere", "standard_conforming_strings = off",
        "backslash_quote = off", "quote_all_identifiers = on", "array_nulls = off", "exit_on_error = on",
        "bytea_output = escape", "DateStyle = ''SQL, DMY''", "TimeZone = ''Asia/Jakarta''", "row_security = on",
        "gin_fuzzy_search_limit = 1", "transform_null_equals = on", "extra_float_digits = -15",
      ])
    let name = #"Desa \' O''Neill \\ "x""#
    let create = Bahari_V1_CreateDesaRequest.with {
      ($0.data.id, $0.data.districtID, $0.data.name) = (1_101_012_009, 110_101, name)
      ($0.data.latitude, $0.data.longitude) = (0.1 + 0.2, 97.1)
    }
    let made: Bahari_V1_DesaReply = try await bench.call(create, "Desa", .create)
    #expect(made.data.name == name && made.data.latitude == 0.1 + 0.2)
    let twice = await #expect(throws: BahariFrame.Status.self) {
      let _: Bahari_V1_DesaReply = try await bench.call(create, "Desa", .create)
    }
    #expect(twice?.metadata["response_code"] == "4090001")
    let search = Bahari_V1_ListRequest.with { ($0.search, $0.limit) = ("a", 100) }
    let found: Bahari_V1_ListDesaReply = try await bench.call(search, "Desa", .list)
    #expect(found.pagination.total == Int64(found.data.count) && found.data.contains { $0.name == name })
    await bench.close()
  }
}
