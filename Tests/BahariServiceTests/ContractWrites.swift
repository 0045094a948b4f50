import BahariCatalog
import BahariFrame
import BahariPostgres
import Testing

@testable import BahariService

extension Subject {
  /// Columns whose values may become those of another row: not the key, nor states with a flow, nor references.
  var changeable: [String] {
    let flows = resource.table.invariants.compactMap { invariant -> String? in
      guard case .flow(let column, _) = invariant else { return nil }
      return column
    }
    return RowMaker.given(resource).map(\.name).filter { name in
      name != "id" && !flows.contains(name) && resource.live.foreignKey(of: name) == nil
    }
  }

  /// Columns whose values have an order.
  var ordered: [String] {
    resource.table.invariants.flatMap { invariant -> [String] in
      guard case .ordered(let columns) = invariant else { return [] }
      return columns
    }
  }

  /// Columns that refer to a row with the same value of this one; they would be at fault first.
  func agreeing(on shared: String) -> [String] {
    resource.table.invariants.compactMap { invariant in
      guard case .agrees(let column, shared) = invariant else { return nil }
      return column
    }
  }

  /// A reference to no row.
  func nothing(_ column: Column) -> Item { column.field.kind == .string ? .text("tiada") : .number(1_999_999_999) }

  /// A request with this row.
  func request(_ id: Int64, _ fields: Fields, mask: [String] = []) -> Fields {
    var request: Fields = ["data": [.message(fields.merging(["id": [.number(id)]]) { $1 })]]
    if !mask.isEmpty { request["update_mask"] = [.message(["paths": mask.map { .text($0) }])] }
    return request
  }

  /// A row with an id, and another's values for it.
  func rowAndChange() async throws -> (id: Int64, row: Fields, change: Fields) {
    let made = try await create(1)
    let change = try await maker.row(resource, 2).only(changeable)
    return (try #require(made.number("id")), made, change)
  }
}

@Suite("Contract: changes, deletes and batches", .contract) struct ContractWrites {
  // MARK: Update

  @Test(
    "an update sets the fields that are present or named in the mask; the others stay", arguments: ContractTests.tables)
  func update(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    let (id, row, change) = try await subject.rowAndChange()
    let reply = try await subject.call(.update, subject.request(id, change))
    let changed = try #require(reply.message("data"))
    #expect(changed.only(change.keys) == change)
    #expect(changed["version"] != row["version"])
    let kept = Set(subject.resource.columns.map(\.name)).subtracting(change.keys).subtracting(["updated_at"])
    #expect(changed.only(kept) == row.only(kept))
    let mask = change.keys.sorted()
    let back = try await subject.call(.update, subject.request(id, row.only(mask), mask: mask))
    #expect(back.message("data")?.only(mask) == row.only(mask))
    try await subject.refuses(.update, subject.request(id, row.only(mask), mask: [mask[0]]), .malformed)
    try await subject.refuses(.update, subject.request(404, change), .notFound)
    try await subject.refuses(.update, subject.request(id, change, mask: ["tiada"]), .malformed)
    try await subject.refuses(.update, subject.request(id, change, mask: ["version"]), .malformed)
  }

  @Test("a column that the mask names and the row lacks becomes NULL, or is missing", arguments: ContractTests.tables)
  func updateToNull(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    let id = try #require(try await subject.create(1).number("id"))
    for column in subject.resource.columns where !Mask.managed.contains(column.name) && column.name != "id" {
      let request = subject.request(id, [:], mask: [column.name])
      if column.live.isNullable {
        let reply = try await subject.call(.update, request)
        #expect(reply.message("data") != nil && reply.message("data")?[column.name] == nil, "\(column.name)")
      } else {
        try await subject.refuses(.update, request, .missingField, field: "data.\(column.name)")
      }
    }
  }

  @Test(
    "a write that names another version, a value that is taken, a row that is not there",
    arguments: ContractTests.tables)
  func refusedUpdates(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    let (id, row, change) = try await subject.rowAndChange()
    var request = subject.request(id, change)
    request["version"] = [.text("1")]
    try await subject.refuses(.update, request, .versionClash)
    #expect(try await subject.get(id)["version"] == row["version"])
    request["version"] = row["version"]
    let tried = try await subject.call(.update, request.merging(["dry_run": [.number(1)]]) { $1 })
    #expect(tried.message("data")?.only(change.keys) == change)
    #expect(try await subject.get(id)["version"] == row["version"])
    #expect(try await subject.call(.update, request).message("data")?.only(change.keys) == change)
    try await subject.refuses(.update, request, .versionClash)
    let other = try await subject.create(3)
    for column in subject.resource.columns where column.name != "id" && subject.resource.live.isUnique(column.name) {
      let taken = subject.request(id, other.only([column.name]))
      try await subject.refuses(.update, taken, .taken, field: "data.\(column.name)")
    }
    for column in RowMaker.given(subject.resource) where subject.resource.live.foreignKey(of: column.name) != nil {
      let mask = [column.name] + subject.agreeing(on: column.name)
      let dangling = subject.request(id, [column.name: [subject.nothing(column)]], mask: mask)
      try await subject.refuses(.update, dangling, .missingReference, field: "data.\(column.name)")
    }
  }

  // MARK: Delete

  @Test("a row is deleted once, by its version", arguments: ContractTests.tables) func delete(_ table: String)
    async throws
  {
    let subject = try await Subject.alone(table)
    let row = try await subject.create(1)
    let id = try #require(row.number("id"))
    let request: Fields = ["id": [.number(id)]]
    try await subject.refuses(.delete, request.merging(["version": [.text("1")]]) { $1 }, .versionClash)
    let tried = try await subject.call(.delete, request.merging(["dry_run": [.number(1)]]) { $1 })
    #expect(tried.message("data") == row)
    #expect(try subject.count() == "1")
    let deleted = try await subject.call(.delete, request.merging(row.only(["version"])) { $1 })
    #expect(deleted.message("data") == row)
    #expect(try subject.count() == "0")
    try await subject.refuses(.delete, request, .notFound)
    try await subject.refuses(.get, request, .notFound)
  }

  @Test("a row that others refer to stays, unless they are deleted with it", arguments: ContractTests.tables)
  func referencedDelete(_ table: String) async throws {
    let bench = try await Subject.alone(table).bench
    let keys = bench.resources.flatMap(\.live.foreignKeys).filter { $0.target == table && $0.table != table }
    for key in keys {
      let subject = try await Subject.alone(table)
      _ = try await subject.maker.create(key.table, 1)
      let id = try #require(try await subject.maker.parent(table).number("id"))
      let before = try subject.bench.value("SELECT count(*) FROM public.\(key.table)")
      try await subject.refuses(.delete, ["id": [.number(id)]], .stillReferenced)
      let along: Fields = ["id": [.number(id)], "cascade": [.number(1)]]
      if key.cascades {
        #expect(try await subject.call(.delete, along).message("data")?.number("id") == id)
        #expect(try subject.bench.value("SELECT count(*) FROM public.\(key.table)") == "0", "\(key.table)")
      } else {
        try await subject.refuses(.delete, along, .stillReferenced)
        #expect(try subject.bench.value("SELECT count(*) FROM public.\(key.table)") == before, "\(key.table)")
        #expect(try await subject.get(id).number("id") == id)
      }
    }
  }

  // MARK: Batches

  @Test("a batch creates, updates and leaves alone, and names its bad rows", arguments: ContractTests.tables)
  func batch(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    func batch(_ rows: [Fields], _ more: Fields = [:]) -> Fields {
      more.merging(["data": rows.map { .message($0) }]) { $1 }
    }
    func counts(_ reply: Fields) -> [Int64?] { ["created", "updated", "unchanged", "failed"].map(reply.number) }
    var rows: [Fields] = []
    for number in 1...4 { rows.append(try await subject.maker.row(subject.resource, number)) }
    #expect(counts(try await subject.call(.batchUpsert, batch(rows))) == [4, 0, 0, 0])
    // Where rows are matched by ids that the server gives, they are known only now.
    if subject.resource.naturalKey.live.isSerial {
      for place in rows.indices { rows[place]["id"] = [.number(Int64(place + 1))] }
    }
    #expect(counts(try await subject.call(.batchUpsert, batch(rows))) == [0, 0, 4, 0])
    let key = subject.resource.naturalKey.name
    let columns = subject.resource.columns
    let change = try #require(
      subject.changeable.first { name in
        name != key && !subject.resource.live.isUnique(name)
          && columns.contains { $0.name == name && [.text, .varchar, .numeric].contains($0.type) && $0.allowed == nil }
      })
    let fifth = try await subject.maker.row(subject.resource, 5)
    rows[1][change] = fifth[change]
    let mixed = batch(rows + [fifth])
    let tried = try await subject.call(.batchUpsert, mixed.merging(["dry_run": [.number(1)]]) { $1 })
    #expect(counts(tried) == [1, 1, 3, 0])
    #expect(try subject.count() == "4")
    #expect(counts(try await subject.call(.batchUpsert, mixed)) == [1, 1, 3, 0])
    let lacked = try #require(RowMaker.given(subject.resource).first { $0.isMandatory && $0.name != key }?.name)
    var bad = try await subject.maker.row(subject.resource, 6)
    bad[lacked] = nil
    let seventh = try await subject.maker.row(subject.resource, 7)
    try await subject.refuses(.batchUpsert, batch([rows[0], bad, seventh]), .missingField, field: "data[1].\(lacked)")
    #expect(try subject.count() == "5")
    let skipping = batch([rows[0], bad, seventh], ["on_error": [.number(1)]])
    let skipped = try await subject.call(.batchUpsert, skipping)
    #expect(counts(skipped) == [1, 0, 1, 1])
    let error = skipped.messages("errors")
    #expect(error.map { $0.number("index") } == [1])
    #expect(error.first?.messages("violations").map { $0.text("field") } == ["data[1].\(lacked)"])
    #expect(try subject.count() == "6")
    // The first row is valid; its repetition is the violation.
    let twice = batch([rows[2], rows[2]], ["on_error": [.number(1)]])
    #expect(counts(try await subject.call(.batchUpsert, twice)) == [0, 0, 1, 1])
  }

  @Test("a batch names rows that refer to nothing, which only PostgreSQL knows", arguments: ContractTests.tables)
  func danglingBatch(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    for column in RowMaker.given(subject.resource) where subject.resource.live.foreignKey(of: column.name) != nil {
      var rows: [Fields] = []
      for number in 1...5 { rows.append(try await subject.maker.row(subject.resource, number)) }
      for name in subject.agreeing(on: column.name) { rows[3][name] = nil }
      rows[3][column.name] = [subject.nothing(column)]
      let batch: Fields = ["data": rows.map { .message($0) }]
      let field = "data[3].\(column.name)"
      try await subject.refuses(.batchUpsert, batch, .missingReference, field: field)
      let before = try subject.count()
      let skipping = batch.merging(["on_error": [.number(1)], "dry_run": [.number(1)]]) { $1 }
      let reply = try await subject.call(.batchUpsert, skipping)
      #expect(reply.number("created") == 4 && reply.number("failed") == 1)
      #expect(reply.messages("errors").map { $0.number("index") } == [3])
      #expect(reply.messages("errors").first?.messages("violations").map { $0.text("field") } == [field])
      #expect(try subject.count() == before)
    }
  }
}
