import BahariCatalog
import BahariClient
import BahariPostgres
import Foundation
import TestSupport
import Testing

@testable import BahariService

/// What PostgreSQL's planner makes of lists where tables are as large as the country's.
@Suite("Plans of lists", .serialized) struct PlanTests {
  private struct Full {
    let session: Session
    let resources: [BahariService.Resource]
    /// Tables that must not be read from end to end.
    let large: Set<String>

    init(_ name: String) async throws {
      try await PlanTests.made.value
      let conninfo = try await TestCluster.shared().database(named: "plans_\(name)", from: "service_plans")
      session = try Session(ConnectionOptions(conninfo: conninfo))
      for (name, value) in DatabaseLimits().planner { try session.execute("SET \(name) = \(value)") }
      resources = try Resources(Catalog.tables, try LiveSchema(session)).all
      let rows = try session.query("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND reltuples > 1000")
      large = Set((0..<rows.count).compactMap { rows.string($0, 0) })
    }

    func resource(_ entity: String) throws -> BahariService.Resource {
      try #require(resources.first { $0.table.entity == entity })
    }

    func query(_ entity: String, _ body: (inout ListRequest) -> Void) throws -> ListQuery {
      let resource = try resource(entity)
      return try ListQuery(
        try request(ListRequest.with(body), entity, "List"), resource, resource.standard, order: resource.order)
    }

    func plan(_ bound: Bound, _ options: String = "") throws -> [String: Any] {
      let rows = try session.query(
        "EXPLAIN (FORMAT JSON\(options)) \(bound.statement.sql)", bound.parameters)
      let json = try JSONSerialization.jsonObject(with: Data((rows.string(0, 0) ?? "").utf8))
      return try #require((json as? [[String: Any]])?.first?["Plan"] as? [String: Any])
    }

    /// The large tables that a plan reads from end to end.
    func scanned(_ plan: [String: Any]) -> [String] {
      let inner = (plan["Plans"] as? [[String: Any]] ?? []).flatMap { scanned($0) }
      guard plan["Node Type"] as? String == "Seq Scan", let table = plan["Relation Name"] as? String,
        large.contains(table)
      else { return inner }
      return [table] + inner
    }

    func expectIndexes(_ query: ListQuery, _ what: String) throws {
      let scanned = try scanned(plan(query.rows))
      #expect(scanned == [], "\(what)")
    }

    /// The blocks of PostgreSQL's buffers that a statement touches.
    func blocks(_ bound: Bound) throws -> Int {
      var last = 0
      // The first run may still set hint bits.
      for _ in 0..<2 {
        let plan = try plan(bound, ", ANALYZE, BUFFERS")
        last = (plan["Shared Hit Blocks"] as? Int ?? 0) + (plan["Shared Read Blocks"] as? Int ?? 0)
      }
      return last
    }
  }

  private static let made = Task {
    _ = try await Regions.database("plans_first")
    let cluster = try await TestCluster.shared()
    let conninfo = try await cluster.database(named: "service_plans", from: "service_regions")
    let session = try Session(ConnectionOptions(conninfo: conninfo))
    try session.execute(PlanData.sql)
    // As autovacuum does: what GIN indexes have not sorted in yet makes them dear to the planner.
    try session.execute("VACUUM (ANALYZE)")
  }

  @Test("no list of any table reads a large table from end to end") func defaults() async throws {
    let full = try await Full("defaults")
    #expect(full.large.isSuperset(of: ["mst_desa", "mst_kelompok_nelayan", "mst_kapal", "trx_absensi", "trx_bantuan"]))
    for resource in full.resources {
      let entity = resource.table.entity
      for limit: Int32 in [10, 100] {
        let query = try full.query(entity) { $0.limit = limit }
        try full.expectIndexes(query, "\(entity), \(limit) rows")
        let rows = try full.session.query(query.rows.statement.sql, query.rows.parameters)
        guard let token = query.nextToken(rows) else { continue }
        let next = try full.query(entity) { ($0.limit, $0.pageToken) = (limit, token) }
        try full.expectIndexes(next, "\(entity), \(limit) rows behind a token")
      }
    }
  }

  @Test("no filter that callers use reads a large table from end to end") func filters() async throws {
    let full = try await Full("filters")
    for (entity, filters) in PlanData.filters {
      for filter in filters {
        let query = try full.query(entity) {
          $0.filter = .with {
            ($0.field, $0.operator, $0.values) = (
              filter.column, filter.values.count == 2 ? "between" : "eq", filter.values
            )
          }
        }
        try full.expectIndexes(query, "\(entity) by \(filter.column)")
        #expect(
          try full.session.query(query.rows.statement.sql, query.rows.parameters).count > 0,
          "\(entity): no row has \(filter)")
      }
    }
  }

  @Test("no search for a text of five letters or more reads a large table from end to end")
  func searches() async throws {
    let full = try await Full("searches")
    for resource in full.resources where !resource.table.search.isEmpty {
      let entity = resource.table.entity
      for (place, column) in zip(resource.table.search, try texts(resource, full)) {
        guard let text = column else { continue }
        for search in [text, String(text.suffix(6)), String(text.suffix(5)).uppercased()] {
          let query = try full.query(entity) { $0.search = search }
          try full.expectIndexes(query, "\(entity): \(search) of \(place)")
          #expect(try full.session.query(query.rows.statement.sql, query.rows.parameters).count > 0)
        }
      }
      let none = try full.query(entity) { $0.search = "tidak ada" }
      try full.expectIndexes(none, "\(entity): a text that is nowhere")
    }
  }

  /// For each search column a text that a row in the middle has there.
  private func texts(_ resource: BahariService.Resource, _ full: Full) throws -> [String?] {
    let sql = "SELECT \(resource.related.list) FROM \(resource.related.source) ORDER BY t.id DESC LIMIT 1 OFFSET 17"
    let rows = try full.session.query(sql)
    return resource.table.search.map { name in
      let text = resource.related.outputs.firstIndex { $0.name == name }.flatMap { rows.string(0, $0) }
      return text.flatMap { $0.count >= 5 ? $0 : nil }
    }
  }

  @Test(
    "page 5,000 by token touches no more blocks than page 1",
    arguments: [
      ("Desa", []), ("Desa", ["-name"]), ("Absensi", []), ("ProduksiHasilTangkapan", []), ("Desa", ["-id"]),
    ] as [(String, [String])])
  func farPages(entity: String, sort: [String]) async throws {
    let full = try await Full("far")
    func query(_ count: ListRequest.Count, _ body: (inout ListRequest) -> Void) throws -> ListQuery {
      try full.query(entity) {
        ($0.limit, $0.count, $0.sort) = (9, count, sort)
        body(&$0)
      }
    }
    let before = try query(.exact) { $0.page = 4_999 }
    let token = try #require(
      before.nextToken(try full.session.query(before.rows.statement.sql, before.rows.parameters)))
    let page = try full.blocks(try query(.exact) { _ in }.rows)
    let least = try full.blocks(try query(.none) { _ in }.rows)
    let far = try full.blocks(try query(.none) { $0.pageToken = token }.rows)
    print("\(entity) by \(sort): page 1 touches \(page) blocks, \(least) without a count, page 5,000 \(far)")
    // Rows of one name lie together, those of ten names in ten blocks; no page can cost less than its rows do.
    #expect(far <= max(page, least + 10))
    let reread = try query(.none) { $0.pageToken = token }
    #expect(try full.session.query(reread.rows.statement.sql, reread.rows.parameters).count == 10)
  }
}
