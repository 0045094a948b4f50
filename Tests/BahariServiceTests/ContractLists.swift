import BahariCatalog
import BahariFrame
import BahariPostgres
import Testing

@testable import BahariService

/// How lists count, and lists around a point and in a box.
@Suite("Contract: counts and places", .contract) struct ContractLists {
  @Test("totals are exact, estimated, or left out", arguments: ContractTests.tables) func counts(_ table: String)
    async throws
  {
    let subject = try await Subject.alone(table)
    var rows: [Item] = []
    for number in 1...40 { rows.append(.message(try await subject.maker.row(subject.resource, number))) }
    #expect(try await subject.call(.batchUpsert, ["data": rows]).number("created") == 40)
    func page(_ count: Int64, _ limit: Int64, _ number: Int64 = 1) async throws -> Fields {
      let request = ["page": number, "limit": limit, "count": count].mapValues { [Item.number($0)] }
      return try #require(try await subject.call(.list, request).message("pagination"))
    }
    let (exact, estimated, none): (Int64, Int64, Int64) = (0, 1, 2)
    #expect(try await page(exact, 2).number("total") == 40)
    let left = try await page(none, 2)
    #expect(left["total"] == nil && left["total_pages"] == nil && left["next_page_token"] != nil)
    // Before PostgreSQL has looked at the table it guesses; no total is less than the rows that were seen.
    #expect(try #require(try await page(estimated, 2).number("total")) >= 32)
    try subject.bench.session.execute("ANALYZE public.\(table)")
    let guessed = try await page(estimated, 2)
    #expect(guessed.number("total") == 40 && guessed.number("total_pages") == 20)
    try subject.bench.session.execute("DELETE FROM public.\(table) WHERE id IN (SELECT max(id) FROM public.\(table))")
    // The estimate is PostgreSQL's, which has not looked again; where the last rows are seen they are counted.
    #expect(try await page(estimated, 2).number("total") == 40)
    #expect(try await page(exact, 2).number("total") == 39)
    #expect(try await page(estimated, 2, 20).number("total") == 39)
    try await subject.refuses(.list, ["count": [.number(3)]], .malformed, field: "count")
  }

  @Test(
    "lists around a point and in a box, or a refusal where a table has no coordinates", arguments: ContractTests.tables)
  func places(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    func near(_ latitude: Double, _ longitude: Double, _ radius: Double) -> Fields {
      let point = ["latitude": latitude, "longitude": longitude, "radius_km": radius].mapValues { [Item.double($0)] }
      return ["near": [.message(point)]]
    }
    func box(_ south: Double, _ west: Double, _ north: Double, _ east: Double) -> Fields {
      let edges = ["south": south, "west": west, "north": north, "east": east].mapValues { [Item.double($0)] }
      return ["box": [.message(edges)]]
    }
    guard let position = subject.resource.table.position else {
      try await subject.refuses(.list, near(-6, 106, 1), .malformed, field: "near")
      try await subject.refuses(.list, box(-7, 105, -5, 107), .malformed, field: "box")
      return
    }
    var ids: [Int64] = []
    // The last has no coordinates.
    for (number, point) in [(-6.0, 106.0), (-6.0, 106.1), (-7.0, 110.0), nil].enumerated() {
      ids.append(try await subject.place(number + 1, point, position))
    }
    func found(_ request: Fields) async throws -> (ids: [Int64?], distances: [Double]) {
      let reply = try await subject.call(.list, request)
      let distances = (reply["distance_km"] ?? []).compactMap { item -> Double? in
        if case .double(let value) = item { value } else { nil }
      }
      #expect(reply.message("pagination")?.number("total") == Int64(reply.messages("data").count))
      return (reply.messages("data").map { $0.number("id") }, distances)
    }
    let close = try await found(near(-6, 106, 50))
    #expect(close.ids == [ids[0], ids[1]] && close.distances.count == 2)
    // A tenth of a degree of longitude, six degrees from the equator.
    #expect(zip(close.distances, [0, 11.058]).allSatisfy { abs($0 - $1) < 0.001 }, "\(close.distances)")
    #expect(try await found(near(-6, 106.1, 50)).ids == [ids[1], ids[0]])
    #expect(try await found(near(-7, 110, 1_000)).ids == [ids[2], ids[1], ids[0]])
    #expect(try await found(near(6, 106, 50)).ids == [])
    #expect(Set(try await found(box(-6, 105.9, -6, 106.1)).ids) == [ids[0], ids[1]])
    #expect(Set(try await found(box(-8, 105.9, -5, 111)).ids) == Set(ids[...2]))
    #expect(try await found(box(1, 105.9, 2, 111)).ids == [])
    // Across the antimeridian, the long way round.
    #expect(Set(try await found(box(-8, 109, -5, 106)).ids) == [ids[0], ids[2]])
    try await subject.refuses(.list, near(91, 106, 1), .invalid, field: "near.latitude")
    try await subject.refuses(.list, near(-6, 106, 0), .invalid, field: "near.radius_km")
    try await subject.refuses(.list, box(1, 105, 0, 106), .invalid, field: "box.south")
    try await subject.refuses(
      .list, near(-6, 106, 1).merging(["sort": [.text("id")]]) { $1 }, .malformed, field: "sort")
  }
}

extension Subject {
  /// Makes a row at this point, or at none, and gives its id.
  fileprivate func place(_ number: Int, _ point: (Double, Double)?, _ position: Position) async throws -> Int64 {
    var row = try await maker.row(resource, number)
    for (name, value) in [(position.latitude, point?.0), (position.longitude, point?.1)] {
      let column = try #require(resource.column(name))
      row[name] = value.map { [column.type == .float8 ? .double($0) : .text(String($0))] }
    }
    let made = try await call(.create, ["data": [.message(row)]])
    return try #require(made.message("data")?.number("id"))
  }
}
