import BahariFrame
import BahariPostgres
import Testing

@testable import BahariCatalog
@testable import BahariService

/// The behaviour of every table, tested once. The cases come from the catalog and from PostgreSQL's: a new table is
/// tested without a line here, and checks that apply to none of its columns or keys are left out.
@Suite("Contract: rows and lists", .contract) struct ContractTests {
  static let tables = (Catalog.tables + [Subject.madeUp]).map(\.name)

  // MARK: Create and Get

  @Test("a row is made, and read by id and by every unique column, with its joined names", arguments: tables)
  func createAndGet(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    let resource = subject.resource
    let row = try await subject.maker.row(resource, 1)
    let made = try await subject.create(1)
    #expect(made.only(row.keys) == row)
    #expect(made.text("version")?.isEmpty == false)
    let id = try #require(made.number("id"))
    var expected = made
    for joined in resource.table.joined where resource.table.joinsByDefault {
      expected[joined.field] = try subject.maker.joined(joined, of: resource)
    }
    #expect(try await subject.get(id) == expected)
    for column in resource.columns where resource.live.isUnique(column.name) {
      let value = try #require(made.text(column.name) ?? made.number(column.name).map(String.init))
      let request: Fields = ["column": [.text(column.name)], "value": [.text(value)]]
      #expect(try await subject.call(.get, request).message("data") == expected, "\(column.name)")
      let other: Fields = ["column": [.text(column.name)], "value": [.text("404")]]
      try await subject.refuses(.get, other, .notFound)
    }
    let chosen = try await subject.call(.get, ["id": [.number(id)], "fields": [.text("id")]]).message("data")
    #expect(chosen == ["id": [.number(id)]])
    try await subject.refuses(.get, ["id": [.number(404)]], .notFound)
    try await subject.refuses(
      .get, ["id": [.number(id)], "fields": [.text("tiada")]], .malformed, field: "fields[0]")
  }

  @Test("values that are missing, taken, or refer to no row are refused by field", arguments: tables)
  func refusedCreates(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    let (resource, live) = (subject.resource, subject.resource.live)
    let first = try await subject.create(1)
    let row = try await subject.maker.row(resource, 2)
    for column in RowMaker.given(resource) {
      let field = "data.\(column.name)"
      if column.isMandatory {
        var lacking = row
        lacking[column.name] = nil
        try await subject.refuses(.create, ["data": [.message(lacking)]], .missingField, field: field)
      }
      if live.isUnique(column.name) {
        var taken = row
        taken[column.name] = first[column.name]
        try await subject.refuses(.create, ["data": [.message(taken)]], .taken, field: field)
      }
      if live.foreignKey(of: column.name) != nil {
        var dangling = row.filter { !subject.agreeing(on: column.name).contains($0.key) }
        dangling[column.name] = [subject.nothing(column)]
        try await subject.refuses(.create, ["data": [.message(dangling)]], .missingReference, field: field)
      }
      if let most = column.live.maximumLength {
        var long = row
        long[column.name] = [.text(String(repeating: "é", count: most + 1))]
        try await subject.refuses(.create, ["data": [.message(long)]], .invalid)
      }
    }
    for case .oneRowPer(let columns) in resource.table.invariants {
      let again = row.merging(first.only(columns)) { $1 }
      try await subject.refuses(.create, ["data": [.message(again)]], .taken)
    }
    #expect(try subject.count() == "1")
  }

  // MARK: List and Export

  /// Seven rows, in the order in which they were made; two of them without optional columns.
  private func seven(_ subject: Subject) async throws -> [Fields] {
    let mandatory = subject.resource.columns.filter(\.isMandatory).map(\.name)
    var rows: [Fields] = []
    for number in 1...7 {
      let row = try await subject.maker.row(subject.resource, number)
      let given = [2, 5].contains(number) ? row.only(mandatory) : row
      let made = try await subject.call(.create, ["data": [.message(given)]]).message("data")
      rows.append(try await subject.get(try #require(made?.number("id"))))
    }
    return rows
  }

  /// The rows of a list, three by three, each page from the token of the one before.
  private func walk(_ subject: Subject, _ request: Fields) async throws -> [Fields] {
    var rows: [Fields] = []
    var request = request.merging(["limit": [.number(3)], "count": [.number(2)]]) { $1 }
    repeat {
      let reply = try await subject.call(.list, request)
      rows += reply.messages("data")
      #expect(reply.message("pagination")?.number("total") == nil)
      request["page_token"] = reply.message("pagination")?["next_page_token"]
    } while request["page_token"] != nil && rows.count < 10
    return rows
  }

  @Test("pages by number and by token hold every row once, with the right totals", arguments: tables)
  func pages(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    let rows = try await seven(subject)
    let all = try await subject.call(.list, ["limit": [.number(100)]]).messages("data")
    #expect(Set(all) == Set(rows) && all.count == 7)
    var byNumber: [Fields] = []
    for page in 1...3 {
      let reply = try await subject.call(.list, ["page": [.number(Int64(page))], "limit": [.number(3)]])
      byNumber += reply.messages("data")
      let pagination = try #require(reply.message("pagination"))
      let numbers = ["total", "total_pages", "current_page", "page", "limit"].map { pagination.number($0) }
      #expect(numbers == [7, 3, Int64(page), Int64(page), 3])
    }
    #expect(byNumber == all)
    #expect(try await walk(subject, [:]) == all)
    try await subject.refuses(.list, ["page": [.number(0)]], .invalid, field: "page")
    try await subject.refuses(.list, ["limit": [.number(101)]], .invalid, field: "limit")
  }

  @Test("every column filters and sorts, both ways; every search column is searched", arguments: tables)
  func filters(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    let rows = try await seven(subject)
    func ids(_ request: Fields) async throws -> [Int64] {
      try await subject.call(.list, request.merging(["limit": [.number(100)]]) { $1 }).messages("data")
        .compactMap { $0.number("id") }
    }
    for column in subject.resource.columns {
      let name = column.name
      for (sort, order) in [(name, "\(name) NULLS LAST, id"), ("-" + name, "\(name) DESC NULLS LAST, id DESC")] {
        let sql = "SELECT string_agg(id::text, ',' ORDER BY \(order)) FROM public.\(table)"
        let expected = try subject.bench.value(sql)?.split(separator: ",").compactMap { Int64($0) }
        let sorted = try await walk(subject, ["sort": [.text(sort)]])
        #expect(sorted.compactMap { $0.number("id") } == expected, "\(sort)")
      }
      func filter(_ given: String, _ value: String) -> Fields {
        ["filter": [.message(["field": [.text(name)], "operator": [.text(given)], "values": [.text(value)]])]]
      }
      let none = Set(rows.filter { $0[name] == nil }.compactMap { $0.number("id") })
      #expect(Set(try await ids(filter("is_null", "true"))) == none, "\(name)")
      guard let text = try subject.bench.value("SELECT \(name) FROM public.\(table) ORDER BY id LIMIT 1") else {
        continue
      }
      let same = Set(rows.filter { $0[name] == rows[0][name] }.compactMap { $0.number("id") })
      #expect(Set(try await ids(filter("eq", text))) == same, "\(name) eq \(text)")
    }
    for column in subject.resource.table.search {
      guard let text = rows[2].text(column) else { continue }
      let found = try await ids(["search": [.text(text.uppercased())]])
      #expect(found.contains(rows[2].number("id") ?? 0), "\(column) \(text)")
      #expect(found.count < 7 || rows[0].text(column) == text, "\(column) \(text)")
    }
    #expect(try await ids(["search": [.text("tiada%")]]).isEmpty)
  }

  @Test("an export brings every row as a list does, in frames with the envelope", arguments: tables)
  func export(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    let rows = try await seven(subject).sorted { ($0.number("id") ?? 0) < ($1.number("id") ?? 0) }
    let frames = try await subject.bench.stream(table, .export, [:])
    #expect(frames.flatMap { $0.messages("data") } == rows)
    #expect(frames.allSatisfy { $0.text("response_code") == "2000000" && $0["pagination"] == nil })
  }
}
