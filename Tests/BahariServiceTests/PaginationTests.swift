import BahariClient
import BahariFrame
import BahariPostgres
import TestSupport
import Testing

@testable import BahariService

/// A page of ids, whatever the table: calls ask for the ids alone, which have one number in all row messages.
struct IDPage {
  let ids: [Int64]
  let pagination: Bahari_V1_Pagination

  var next: String? { pagination.hasNextPageToken ? pagination.nextPageToken : nil }
}

extension ServiceBench {
  func ids(_ entity: String, _ body: (inout Bahari_V1_ListRequest) -> Void) async throws -> IDPage {
    var request = Bahari_V1_ListRequest.with(body)
    request.fields = ["id"]
    let reply: Bahari_V1_ListDesaReply = try await call(request, entity, .list)
    return IDPage(ids: reply.data.map(\.id), pagination: reply.pagination)
  }

  /// The ids that a plain statement gives.
  func ids(_ sql: String) throws -> [Int64] {
    let rows = try session.query(sql)
    return (0..<rows.count).compactMap { rows.int64($0, 0) }
  }
}

@Suite("Property 6: Pagination Functionality Preservation", .ownDatabases) struct PaginationTests {
  private static let seed: UInt64 = 6_2026
  private static let cases = 150

  /// Tables with columns of every type, many of them NULL, most with few different values.
  private static let sorted: KeyValuePairs<String, (table: String, columns: [String])> = [
    "Pegawai": (
      "mst_pegawai",
      [
        "nama", "jabatan", "organisasi_id", "status_aktif", "last_login", "alamat", "tanggal_lahir", "jenis_kelamin",
        "created_at", "nip",
      ]
    ),
    "Provinsi": ("mst_provinsi", ["name", "alt_name", "latitude", "longitude"]),
    "Desa": ("mst_desa", ["name", "district_id", "latitude", "longitude", "alt_name"]),
  ]

  private static let rows = """
    INSERT INTO public.mst_organisasi (level_organisasi, kode_organisasi, nama_organisasi)
      SELECT 'Pusat', 'K' || n, 'Organisasi ' || n FROM generate_series(1, 3) n;
    INSERT INTO public.mst_role (level_role, nama_role) VALUES ('1', 'Admin');
    INSERT INTO public.mst_kecamatan (id, regency_id, name) VALUES (110101, 1101, 'A'), (110102, 1101, 'B');
    INSERT INTO public.mst_provinsi (id, name, alt_name, latitude, longitude)
      SELECT 20 + n, (ARRAY['a', 'B', 'ä', ''])[1 + n % 4], CASE WHEN n % 3 > 0 THEN 'x' || n % 5 END,
        (ARRAY[NULL, '1.5', '1.50', 'NaN', '-7', 'Infinity', '-Infinity'])[1 + n % 7]::numeric, nullif(n % 6, 0) / 3.0
      FROM generate_series(1, 60) n;
    INSERT INTO public.mst_desa (id, district_id, name, latitude, longitude)
      SELECT 1101010000 + n, 110101 + n % 2, 'Desa ' || n % 9,
        (ARRAY['0', '-0', 'NaN', '0.1', '-6.5', 'Infinity'])[1 + n % 6]::float8, random()
      FROM generate_series(1, 70) n;
    """

  private static func employees(_ range: ClosedRange<Int>) -> String {
    """
    INSERT INTO public.mst_pegawai (nip, nama, email, jabatan, organisasi_id, role_id, status_aktif, last_login, alamat,
      tanggal_lahir, jenis_kelamin, created_at)
    SELECT 'N' || n, 'Nama ' || n % 7, 'e' || n, 'J' || n % 3, 1 + n % 3, 1, n % 4 > 0,
      (ARRAY[NULL, '2025-01-01', 'infinity', '2025-01-01 00:00:00.000001', '-infinity'])[1 + n % 5]::timestamp,
      CASE WHEN n % 3 > 0 THEN repeat('é''\\_%', n % 4) END,
      (ARRAY[NULL, '1990-02-28', 'infinity', '0044-03-15 BC', '-infinity', '20000-01-01'])[1 + n % 6]::date,
      (ARRAY[NULL, 'L', 'P'])[1 + n % 3], CASE WHEN n % 5 > 0 THEN '2025-03-01'::timestamp + n % 2 * interval '1 s' END
    FROM generate_series(\(range.lowerBound), \(range.upperBound)) n;
    """
  }

  private static func bench(_ name: String) async throws -> ServiceBench {
    let bench = try await ServiceBench(name)
    try bench.session.execute(rows + employees(1...80))
    return bench
  }

  private struct Case {
    let entity: String
    let sort: [String]
    let filter: Bahari_V1_Filter?
    /// The expected list, as SQL that shares nothing with the code under test.
    let sql: String

    init(_ random: inout Seeded, _ tables: KeyValuePairs<String, (table: String, columns: [String])>) {
      let (entity, (table, columns)) = tables.randomElement(using: &random) ?? tables[0]
      self.entity = entity
      sort = columns.shuffled(using: &random).prefix(Int.random(in: 1...4, using: &random))
        .map { Bool.random(using: &random) ? "-" + $0 : $0 }
      let isFiltered = Bool.random(using: &random)
      filter = isFiltered ? .with { ($0.field, $0.operator, $0.values) = ("id", "ne", ["22"]) } : nil
      let terms = sort.map { "\($0.drop { $0 == "-" }) \($0.hasPrefix("-") ? "DESC" : "ASC") NULLS LAST" }
      let last = sort.last?.hasPrefix("-") == true ? "id DESC" : "id"
      let condition = isFiltered ? "WHERE id <> 22" : ""
      sql = "SELECT id::int8 FROM public.\(table) \(condition) ORDER BY \((terms + [last]).joined(separator: ", "))"
    }

    func fill(_ request: inout Bahari_V1_ListRequest) {
      request.sort = sort
      if let filter { request.filter = filter }
    }
  }

  @Test("pages by token of any size, in any order, neither overlap nor miss a row") func tokens() async throws {
    let bench = try await Self.bench("property6_tokens")
    var random = Seeded(Self.seed)
    print("property 6, tokens: seed \(Self.seed), \(Self.cases) cases")
    for number in 1...Self.cases {
      let one = Case(&random, Self.sorted)
      let expected = try bench.ids(one.sql)
      var (seen, token): ([Int64], String?) = ([], nil)
      repeat {
        let limit = Int32.random(in: 1...100, using: &random)
        let page = try await bench.ids(one.entity) {
          one.fill(&$0)
          $0.limit = limit
          $0.count = Bool.random(using: &random) ? .none : .exact
          if let token { $0.pageToken = token }
        }
        seen += page.ids
        #expect(page.ids.count <= limit && (page.next == nil || page.ids.count == limit))
        #expect(page.pagination.hasPage == (token == nil), "a page that a token begins has no number")
        if page.pagination.hasTotal { #expect(page.pagination.total == expected.count) }
        token = page.next
      } while token != nil && seen.count <= expected.count
      #expect(seen == expected, "case \(number) of seed \(Self.seed): \(one.entity) by \(one.sort)")
    }
    await bench.close()
  }

  @Test("pages by number are the rows they ought to be, with the right numbers beside") func pages() async throws {
    let bench = try await Self.bench("property6_pages")
    var random = Seeded(Self.seed + 1)
    print("property 6, pages: seed \(Self.seed + 1), \(Self.cases) cases")
    for number in 1...Self.cases {
      let one = Case(&random, Self.sorted)
      let expected = try bench.ids(one.sql)
      let (page, limit) = (Int.random(in: 1...12, using: &random), Int.random(in: 1...100, using: &random))
      let got = try await bench.ids(one.entity) {
        one.fill(&$0)
        ($0.page, $0.limit) = (Int32(page), Int32(limit))
      }
      let wanted = Array(expected.dropFirst((page - 1) * limit).prefix(limit))
      #expect(got.ids == wanted, "case \(number) of seed \(Self.seed + 1): page \(page) by \(limit) of \(one.sort)")
      #expect(got.pagination.total == expected.count)
      #expect(got.pagination.totalPages == (expected.count + limit - 1) / limit)
      #expect(got.pagination.currentPage == page && got.pagination.page == page && got.pagination.limit == limit)
      #expect((got.next != nil) == (page * limit < expected.count), "a token where, and only where, rows follow")
    }
    await bench.close()
  }

  @Test("rows that are added between pages neither hide nor repeat other rows") func inserts() async throws {
    let bench = try await Self.bench("property6_inserts")
    var random = Seeded(Self.seed + 2)
    print("property 6, inserts: seed \(Self.seed + 2)")
    var made = 80
    for number in 1...100 {
      let one = Case(&random, ["Pegawai": Self.sorted[0].value])
      let before = try bench.ids(one.sql)
      var (seen, token): ([Int64], String?) = ([], nil)
      repeat {
        let page = try await bench.ids(one.entity) {
          one.fill(&$0)
          ($0.limit, $0.count) = (Int32.random(in: 20...100, using: &random), .none)
          if let token { $0.pageToken = token }
        }
        seen += page.ids
        token = page.next
        if made < 400 { try bench.session.execute(Self.employees(made + 1...made + 1)) }
        made += 1
      } while token != nil && seen.count < 1_000
      let old = Set(before)
      #expect(seen.filter(old.contains) == before, "case \(number) of seed \(Self.seed + 2): by \(one.sort)")
      #expect(Set(seen).count == seen.count)
    }
    await bench.close()
  }

  @Test("tokens of other lists, and texts that are no tokens, are refused by name") func refusals() async throws {
    let bench = try await Self.bench("property6_refusals")
    func list(_ body: (inout Bahari_V1_ListRequest) -> Void) async throws -> IDPage {
      try await bench.ids("Pegawai") {
        ($0.sort, $0.search, $0.limit) = (["nama", "-tanggal_lahir"], "nama", 5)
        body(&$0)
      }
    }
    let token = try #require(try await list { _ in }.next)
    #expect(try await list { $0.pageToken = token }.ids.count == 5)
    func refused(_ what: String, _ entity: String = "Pegawai", _ body: (inout Bahari_V1_ListRequest) -> Void) async {
      let status = await #expect(throws: Status.self, "\(what)") {
        _ = try await bench.ids(entity) {
          ($0.sort, $0.search, $0.limit, $0.pageToken) = (["nama", "-tanggal_lahir"], "nama", 5, token)
          body(&$0)
        }
      }
      #expect(status?.metadata["response_code"] == "4000000", "\(what)")
      #expect(status?.violations.map(\.field) == ["page_token"], "\(what)")
    }
    await refused("another sort") { $0.sort = ["nama", "tanggal_lahir"] }
    await refused("no sort") { $0.sort = [] }
    await refused("another search") { $0.search = "nam" }
    await refused("another filter") { $0.filter = .with { ($0.field, $0.operator, $0.values) = ("id", "gt", ["0"]) } }
    await refused("another table", "Provinsi") { ($0.sort, $0.search) = (["name"], "") }
    await refused("together with page") { $0.page = 1 }
    for text in ["", "0", "zz", "Ikan", "00", String(repeating: "0", count: 64), token + "00", token.uppercased()] {
      await refused(text) { $0.pageToken = text }
    }
    for length in 0..<token.count { await refused("cut to \(length)") { $0.pageToken = String(token.prefix(length)) } }
    for place in 0..<token.count {
      var digits = Array(token)
      digits[place] = digits[place] == "7" ? "8" : "7"
      await refused("altered at \(place)") { $0.pageToken = String(digits) }
    }
    await bench.close()
  }

  @Test("no count leaves the totals out, an estimate is a number") func counts() async throws {
    let bench = try await Self.bench("property6_counts")
    try bench.session.execute("ANALYZE")
    let none = try await bench.ids("Pegawai") { $0.count = .none }
    #expect(!none.pagination.hasTotal && !none.pagination.hasTotalPages && none.next != nil)
    let last = try await bench.ids("Pegawai") { ($0.count, $0.page) = (.none, 8) }
    #expect(!last.pagination.hasTotal && last.ids.count == 10 && last.next == nil)
    let estimated = try await bench.ids("Pegawai") { $0.count = .estimated }
    #expect(estimated.pagination.total == 80 && estimated.pagination.totalPages == 8)
    let filtered = try await bench.ids("Pegawai") {
      ($0.count, $0.limit) = (.estimated, 1)
      $0.filter = .with { ($0.field, $0.operator, $0.values) = ("status_aktif", "eq", ["true"]) }
      $0.search = "nama"
    }
    #expect((31...80).contains(filtered.pagination.total))
    // The planner knows nothing yet of rows that came later.
    try bench.session.execute("DELETE FROM public.mst_pegawai; ANALYZE public.mst_pegawai;" + Self.employees(1...80))
    let late = try await bench.ids("Pegawai") { $0.count = .estimated }
    #expect(late.pagination.total >= 40)
    let beyond = try await bench.ids("Pegawai") { ($0.count, $0.page) = (.estimated, 50) }
    #expect(beyond.ids.isEmpty && beyond.pagination.hasTotal && beyond.next == nil)
    await bench.close()
  }
}
