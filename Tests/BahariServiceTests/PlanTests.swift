import BahariCatalog
import BahariClient
import BahariPostgres
import Foundation
import TestSupport
import Testing

@testable import BahariService

private let turns = Turns(1)

extension Trait where Self == OffPool {
  /// One database for all tests: it is large, and one test counts the blocks that are touched in it.
  fileprivate static var onPlans: OffPool { .offPool(.service, atOnce: turns) }
}

/// PostgreSQL's plans of lists at the scale of the country.
@Suite("Plans of lists", .onPlans) struct PlanTests {
  private struct Full {
    let session: Session
    let resources: [BahariService.Resource]
    /// Tables that must not be read from end to end.
    let large: Set<String>

    init() async throws {
      session = try await PlanTests.made.value.session()
      for (name, value) in DatabaseLimits().planner { try session.execute("SET \(name) = \(value)") }
      resources = try Resources(Catalog.tables, try LiveSchema(session)).all
      let rows = try session.query("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND reltuples > 1000")
      large = Set((0..<rows.count).compactMap { rows.string($0, 0) })
    }

    func resource(_ entity: String) throws -> BahariService.Resource {
      try #require(resources.first { $0.table.entity == entity })
    }

    func query(_ entity: String, _ body: (inout ListRequest) -> Void) throws -> BoundList {
      let resource = try resource(entity)
      let query = try ListQuery(
        try request(ListRequest.with(body), entity, "List"), resource, resource.standard, order: resource.order)
      return BoundList(query: query, resource: resource)
    }

    func plan(_ bound: Bound) throws -> [String: Any] {
      let rows = try session.query("EXPLAIN (FORMAT JSON) \(bound.statement.sql)", bound.parameters)
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

    func expectIndexes(_ query: BoundList, _ what: String) throws {
      let scanned = try scanned(plan(query.rows))
      #expect(scanned == [], "\(what)")
    }

    /// The blocks that a statement touches: of the table that is listed, its indexes and its rows, and of others.
    struct Blocks {
      let index, rows, others: Int
    }

    /// The blocks that running a list touches, without those that planning it touches.
    func blocks(_ query: BoundList, of entity: String) throws -> Blocks {
      let (table, sql) = (try resource(entity).table.name, query.rows.statement.sql)
      let whole = try touched(table, by: sql, query.rows.parameters)
      let planned = try touched(table, by: "EXPLAIN \(sql)", query.rows.parameters)
      return Blocks(index: whole[0] - planned[0], rows: whole[1] - planned[1], others: whole[2] - planned[2])
    }

    private func touched(_ table: String, by sql: String, _ parameters: Parameters) throws -> [Int] {
      var least = [Int](repeating: .max, count: 3)
      // The first run may still set hint bits, and blocks that others touch, such as autovacuum, count, too: take the least.
      for _ in 0..<5 {
        let before = try touched(table)
        _ = try session.query(sql, parameters)
        let after = try touched(table)
        for place in least.indices { least[place] = min(least[place], after[place] - before[place]) }
      }
      return least
    }

    /// Index blocks of a table, its own, and those of all others, since the statistics began.
    private func touched(_ table: String) throws -> [Int] {
      // A session reports its counters only between statements.
      _ = try session.query("SELECT pg_stat_force_next_flush()")
      let rows = try session.query(
        """
        SELECT sum(i) FILTER (WHERE own)::int8, sum(h) FILTER (WHERE own)::int8,
          coalesce(sum(i + h) FILTER (WHERE NOT own), 0)::int8
        FROM (SELECT relname = '\(table)' AS own, coalesce(idx_blks_hit + idx_blks_read, 0) AS i,
          heap_blks_hit + heap_blks_read AS h FROM pg_statio_user_tables) AS t
        """)
      return (0..<3).map { Int(rows.int64(0, $0) ?? 0) }
    }
  }

  private static let made = Task(executorPreference: BlockingExecutor.service) {
    let database = try await MigratedDatabase.make("plans")
    let session = try database.session()
    try session.execute(PlanData.sql)
    // As autovacuum does: entries that GIN indexes have not sorted in yet make them expensive to the planner.
    try session.execute("VACUUM (ANALYZE)")
    return database
  }

  @Test("no list of any table reads a large table from end to end") func defaults() async throws {
    let full = try await Full()
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
    let full = try await Full()
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
    let full = try await Full()
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

  /// A list, a page far down in it, and the number of index ranges that hold the rows behind a given one.
  struct Far: CustomTestStringConvertible, Sendable {
    let entity: String
    var sort: [String] = []
    let page: Int32
    /// 1 where one comparison of rows is enough. Else one for each column, and one for NULLs behind the first.
    let ranges: Int

    var testDescription: String { "\(entity) by \(sort), page \(page)" }
  }

  @Test(
    "a page by token touches as many blocks as the first, wherever it is",
    arguments: [
      Far(entity: "Desa", page: 5_000, ranges: 1), Far(entity: "Desa", sort: ["-name"], page: 5_000, ranges: 1),
      Far(entity: "Desa", sort: ["-id"], page: 5_000, ranges: 1), Far(entity: "Absensi", page: 5_000, ranges: 1),
      Far(entity: "ProduksiHasilTangkapan", page: 5_000, ranges: 1),
      Far(entity: "KelompokNelayan", page: 400, ranges: 2), Far(entity: "Pegawai", page: 600, ranges: 2),
    ])
  func farPages(far: Far) async throws {
    let full = try await Full()
    // The tenth row is read to know whether there is another page.
    let (limit, rows): (Int32, Int) = (9, 10)
    func query(_ body: (inout ListRequest) -> Void) throws -> BoundList {
      try full.query(far.entity) {
        ($0.limit, $0.count, $0.sort) = (limit, .none, far.sort)
        body(&$0)
      }
    }
    func token(behind page: Int32) throws -> String {
      let before = try query { $0.page = page }
      let rows = try full.session.query(before.rows.statement.sql, before.rows.parameters)
      return try #require(before.nextToken(rows))
    }
    let (second, last) = (try token(behind: 1), try token(behind: far.page - 1))
    let first = try full.blocks(try query { _ in }, of: far.entity)
    let near = try full.blocks(try query { $0.pageToken = second }, of: far.entity)
    let distant = try full.blocks(try query { $0.pageToken = last }, of: far.entity)
    print("\(far.testDescription): \(distant); page 1: \(first); page 2 by token: \(near)")
    #expect(first.index > 0 && first.rows > 0)
    // Each step to a joined name is by a key: three blocks of its index at most, and one of its table.
    let steps = Set(
      try full.resource(far.entity).table.joined.flatMap { name in name.path.indices.map { name.path[...$0] } })
    #expect(first.rows <= rows && first.others <= rows * steps.count * 4)
    for page in [near, distant] {
      // Each range is found from the root of the index down, as the first page is, and may begin at the end of a leaf.
      #expect(page.index <= far.ranges * first.index + 1)
      // No row lies in more than one block, wherever it is; of each range but one a row is read in vain.
      let read = rows + far.ranges - 1
      #expect(page.rows <= read && page.others <= read * steps.count * 4)
    }
    let reread = try query { $0.pageToken = last }
    #expect(try full.session.query(reread.rows.statement.sql, reread.rows.parameters).count == rows)
  }
}
