import BahariClient
import BahariFrame
import BahariPostgres
import Testing

@testable import BahariService

@Suite("Filters and lists") struct FilterTests {
  private static func term(_ field: String, _ comparison: String, _ values: [String]) -> Bahari_V1_Filter {
    .with { ($0.field, $0.operator, $0.values) = (field, comparison, values) }
  }

  private func conditions(_ filter: Bahari_V1_Filter) async throws -> Conditions {
    let resource = try await BoundTables.resource("Desa")
    let list = try request(Bahari_V1_ListRequest.with { $0.filter = filter }, "Desa", "List")
    let fields = ListFields(list.descriptor)
    var conditions = Conditions()
    try conditions.filter(try #require(list.message(fields.filter)), fields.filters, resource)
    return conditions
  }

  @Test(
    "every operator",
    arguments: [
      (term("name", "eq", ["a"]), "t.\"name\" = $1", [25]), (term("name", "ne", ["a"]), "t.\"name\" <> $1", [25]),
      (term("id", "gt", ["1"]), "t.\"id\" > $1", [20]), (term("id", "gte", ["1"]), "t.\"id\" >= $1", [20]),
      (term("id", "lt", ["1"]), "t.\"id\" < $1", [20]), (term("id", "lte", ["1"]), "t.\"id\" <= $1", [20]),
      (term("id", "eq", ["0"]), "t.\"id\" = $1", [20]),
      (term("id", "in", ["1", "2"]), "t.\"id\" IN ($1, $2)", [20, 20]),
      (term("latitude", "between", ["-1", "1.5"]), "t.\"latitude\" BETWEEN $1 AND $2", [701, 701]),
      (term("name", "like", ["a%"]), "t.\"name\" LIKE $1", [25]),
      (term("name", "ilike", ["a\\\\"]), "t.\"name\" ILIKE $1", [25]),
      (term("name", "is_null", ["true"]), "t.\"name\" IS NULL", []),
      (term("name", "is_null", ["false"]), "t.\"name\" IS NOT NULL", []),
    ] as [(Bahari_V1_Filter, String, [UInt32])])
  func operators(filter: Bahari_V1_Filter, sql: String, types: [UInt32]) async throws {
    let conditions = try await conditions(filter)
    #expect(conditions.terms == [sql])
    #expect(conditions.types == types)
    #expect(conditions.parameters.count == types.count)
  }

  @Test("all, any and not nest") func nesting() async throws {
    let (a, b) = (Self.term("id", "eq", ["1"]), Self.term("name", "eq", ["x"]))
    let filter = Bahari_V1_Filter.with { outer in
      outer.all = [.with { $0.any = [a, b] }, .with { $0.not = a }]
    }
    let conditions = try await conditions(filter)
    #expect(
      conditions.clause
        == " WHERE ((t.\"id\" = $1 OR t.\"name\" = $2) AND NOT coalesce(t.\"id\" = $3, false))")
  }

  @Test(
    "faults name their place",
    arguments: [
      (term("nama", "eq", ["1"]), "filter.field"), (term("id", "equals", ["1"]), "filter.operator"),
      (term("id", "eq", []), "filter.values"), (term("id", "eq", ["1", "2"]), "filter.values"),
      (term("id", "between", ["1"]), "filter.values"), (term("id", "in", []), "filter.values"),
      (term("id", "eq", ["x"]), "filter.values"), (term("latitude", "eq", ["nan"]), "filter.values"),
      (term("name", "is_null", ["maybe"]), "filter.values"), (term("id", "like", ["1%"]), "filter"),
      (term("name", "like", ["a\\"]), "filter.values"), (term("name", "ilike", ["\\\\\\"]), "filter.values"),
      (term("name", "like", ["a\u{600}\\"]), "filter.values"),
      (Bahari_V1_Filter(), "filter"), (.with { $0.any = [term("id", "eq", ["1"]), .init()] }, "filter.any[1]"),
      (.with { ($0.field, $0.not) = ("id", term("id", "eq", ["1"])) }, "filter"),
    ] as [(Bahari_V1_Filter, String)])
  func faults(filter: Bahari_V1_Filter, field: String) async throws {
    let status = await #expect(throws: Status.self) { _ = try await conditions(filter) }
    #expect(status?.code == .invalidArgument)
    #expect(status?.violations.map(\.field) == [field])
  }

  @Test("eight deep and no deeper") func depth() async throws {
    func nested(_ depth: Int) -> Bahari_V1_Filter {
      (1..<depth).reduce(Self.term("id", "eq", ["1"])) { inner, _ in .with { $0.not = inner } }
    }
    #expect(try await conditions(nested(8)).parameters.count == 1)
    let status = await #expect(throws: Status.self) { _ = try await conditions(nested(9)) }
    #expect(status?.violations.first?.reason == "TOO_DEEP")
  }

  private func list(_ body: (inout Bahari_V1_ListRequest) -> Void) async throws -> ListQuery {
    let resource = try await BoundTables.resource("Desa")
    return try ListQuery(
      try request(Bahari_V1_ListRequest.with(body), "Desa", "List"), resource, resource.standard,
      order: SortOrder(["name"], resource))
  }

  @Test("statements of lists are made once per shape, and never found for another") func statements() async throws {
    let resource = try await BoundTables.resource("Desa")
    var memo = StatementMemo(resource)
    func one(_ body: (inout Bahari_V1_ListRequest) -> Void) async throws -> Statement {
      memo.statements(.list(try await list(body).page.shape))[0]
    }
    let plain = try await one { _ in }
    #expect(try await one { $0.page = 7 } === plain)
    let filtered = try await one { $0.filter = Self.term("id", "eq", ["1"]) }
    #expect(try await one { $0.filter = Self.term("id", "eq", ["2"]) } === filtered)
    #expect(try await one { $0.sort = ["name"] } === plain, "the default order, spelled out")
    let near = Bahari_V1_Near.with { ($0.latitude, $0.longitude) = (1, 2) }
    let others = [
      plain, filtered, try await one { $0.filter = Self.term("id", "ne", ["1"]) },
      try await one { $0.sort = ["-name"] },
      try await one { $0.search = "a" }, try await one { $0.near = near },
    ]
    #expect(Set(others.map(ObjectIdentifier.init)).count == others.count)
    let total = memo.statements(.list(try await list { _ in }.totalOfAllPages.shape))[0]
    #expect(total !== plain && total.sql.hasPrefix("SELECT count(*)"))
  }

  @Test("pages begin at 1, and limits are 1 to 100") func pages() async throws {
    let plain = try await list { _ in }
    #expect(plain.pageNumber == 1 && plain.limit == 10 && plain.count == .exact)
    #expect(try await list { $0.limit = 100 }.limit == 100)
    for (page, limit, field) in [(0, 10, "page"), (-1, 10, "page"), (1, 0, "limit"), (1, 101, "limit")]
      as [(Int32, Int32, String)]
    {
      let status = await #expect(throws: Status.self) { _ = try await list { ($0.page, $0.limit) = (page, limit) } }
      #expect(status?.violations.map(\.field) == [field])
    }
    let both = await #expect(throws: Status.self) { _ = try await list { ($0.page, $0.limit) = (0, 0) } }
    #expect(both?.violations.count == 2, "all faults are told at once")
    #expect(try await list { $0.count = .none }.count == .none)
  }

  @Test("the order ends in the id, in the direction of the last column") func sort() async throws {
    func order(_ sort: [String]) async throws -> String {
      let shape = try await list { $0.sort = sort }.cursor.shape
      let sql = shape.statement(of: try await BoundTables.resource("Desa")).sql
      return String(sql.split(separator: " ORDER BY ").last ?? "")
    }
    #expect(try await order([]) == "t.\"name\", t.\"id\"")
    #expect(try await order(["-name"]) == "t.\"name\" DESC, t.\"id\" DESC")
    #expect(try await order(["-id"]) == "t.\"id\" DESC")
    #expect(try await order(["id", "-name"]) == "t.\"id\"")
    #expect(try await order(["name", "-latitude", "id"]) == "t.\"name\", t.\"latitude\" DESC, t.\"id\"")
    #expect(try await order(["name", "name"]) == "t.\"name\", t.\"id\"")
    for (sort, field) in [(["nama"], "sort[0]"), (["name", ""], "sort[1]"), (["id", "nama"], "sort[1]")] {
      let status = await #expect(throws: Status.self) { _ = try await list { $0.sort = sort } }
      #expect(status?.violations.map(\.field) == [field])
    }
  }
}
