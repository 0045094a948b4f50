import BahariClient
import BahariMessage
import BahariPostgres
import Testing

@testable import BahariService

@Suite("Validation") struct ValidationTests {
  /// A column of a type that the tables of now do not have, on the text field of a province's name.
  private func column(
    _ type: PostgresType, modifier: Int32 = -1, limits: ClosedRange<Double>? = nil
  ) async throws -> Column {
    let name = try #require(try await BoundTables.resource("Provinsi").column("name"))
    let live = LiveColumn(
      name: "name", typeOID: type.rawValue, typeName: "\(type)", modifier: modifier, isNullable: true,
      defaultValue: nil)
    return Column(name: "name", field: name.field, type: type, live: live, limits: limits)
  }

  /// The reason why a text is refused; nil when it is taken.
  private func reason(_ text: String, _ column: Column) throws -> String? {
    let create = Bahari_V1_CreateProvinsiRequest.with { $0.data.name = text }
    let message = try request(create, "Provinsi", "Create")
    let row = try #require(message.message(message.descriptor.required("data")))
    switch Validation.value(of: column, in: row) {
    case .failure(let violation): return violation.reason
    case .success(let value): return Validation.ruleViolation(value, column)?.reason
    case nil: return "ABSENT"
    }
  }

  @Test("a varchar's length is counted in code points, as PostgreSQL counts") func varchar() async throws {
    let column = try await column(.varchar, modifier: 5 + 4)
    for text in ["", "12345", "ééééé", "漁漁漁漁漁", "🐟🐟🐟🐟🐟", "e\u{301}e\u{301}a"] {
      #expect(try reason(text, column) == nil, "\(text)")
    }
    // Three characters to the eye, six code points.
    for text in ["123456", "éééééé", "🐟🐟🐟🐟🐟🐟", "e\u{301}e\u{301}e\u{301}", "12345 "] {
      #expect(try reason(text, column) == "TOO_LONG", "\(text)")
    }
    #expect(try reason(String(repeating: "x", count: 100_000), try await self.column(.varchar)) == nil)
  }

  @Test("a numeric's digits on each side of its point") func numeric() async throws {
    // numeric(5,2)
    let column = try await column(.numeric, modifier: (5 << 16 | 2) + 4)
    for text in ["0", "999.99", "-999.99", "+1", "000999.5", "0.01", "-0"] {
      #expect(try reason(text, column) == nil, "\(text)")
    }
    for text in ["1000", "999.999", "-1000.00", "0.001"] {
      #expect(try reason(text, column) == "OUT_OF_RANGE", "\(text)")
    }
    for text in ["", "-", ".", "1.", ".5", "1e3", "NaN", "Infinity", "1,5", " 1", "1 ", "0x1", "--1", "1.2.3", "１"] {
      #expect(try reason(text, column) == "MALFORMED", "\(text)")
    }
    let unlimited = try await self.column(.numeric)
    #expect(try reason(String(repeating: "9", count: 200), unlimited) == nil)
    #expect(try reason(String(repeating: "9", count: 201), unlimited) == "MALFORMED")
  }

  @Test("days and limits") func daysAndLimits() async throws {
    let day = try await column(.date)
    #expect(try reason("2024-02-29", day) == nil)
    for text in ["2023-02-29", "infinity", "2023-1-1", ""] { #expect(try reason(text, day) == "MALFORMED") }
    let latitude = try await column(.numeric, limits: -90...90)
    for text in ["-90", "90", "90.0", "0"] { #expect(try reason(text, latitude) == nil) }
    for text in ["-90.0001", "91"] { #expect(try reason(text, latitude) == "OUT_OF_RANGE") }
  }

  @Test("numbers given as texts, as filters have them") func texts() async throws {
    func taken(_ text: String, _ type: PostgresType) async throws -> Bool {
      let column = try await column(type)
      if case .success = Validation.value(of: column, from: text) { return true }
      return false
    }
    let cases: [(PostgresType, good: [String], bad: [String])] = [
      (.int4, ["0", "-2147483648", "2147483647"], ["2147483648", "", "1.0", "x", " 1"]),
      (.int8, ["9223372036854775807"], ["9223372036854775808", "1e3"]),
      (.float8, ["0", "-1.5", "1e3"], ["nan", "inf", "-infinity", "", "x"]),
      (.bool, ["true", "false"], ["1", "", "TRUE", "t"]),
      (.numeric, ["0", "123456789012345678901234567890.5"], ["NaN", "1e3", ""]),
      (.date, ["2024-02-29"], ["2023-02-29", "infinity"]),
    ]
    for (type, good, bad) in cases {
      for text in good { #expect(try await taken(text, type), "\(type) \(text)") }
      for text in bad { #expect(try await !taken(text, type), "\(type) \(text)") }
    }
  }
}

/// A batch as it is read from its request, before PostgreSQL sees it.
@Suite("Batch request") struct BatchRequestTests {
  private func batch(_ body: (inout Bahari_V1_BatchUpsertKabupatenRequest) -> Void) async throws -> BatchRequest {
    let message = try request(Bahari_V1_BatchUpsertKabupatenRequest.with(body), "Kabupaten", "BatchUpsert")
    return try BatchRequest(message, BatchFields(message.descriptor), try await BoundTables.resource("Kabupaten"))
  }

  private func row(_ id: Int64, _ body: (inout Bahari_V1_Kabupaten) -> Void = { _ in }) -> Bahari_V1_Kabupaten {
    var row = Bahari_V1_Kabupaten.with { $0.id = id }
    body(&row)
    return row
  }

  @Test("a key given twice is the second row's fault, a key that is missing its row's") func duplicates() async throws {
    let batch = try await batch { $0.data = [row(1), row(2), row(1), .with { $0.name = "x" }] }
    #expect(batch.rows.map(\.index) == [0, 1])
    #expect(batch.faults[2]?.map(\.field) == ["data[2].id"])
    #expect(batch.faults[2]?.first?.reason == "DUPLICATE")
    #expect(batch.faults[3]?.map(\.field) == ["data[3].id"])
  }

  @Test("rows that give the same columns go together, in the order of their keys") func groups() async throws {
    let batch = try await batch { request in
      request.data = (1...6).reversed().map { id in
        row(id) { if id % 2 == 0 { $0.name = "x" } else { $0.altName = "y" } }
      }
    }
    let groups = BatchGroup.groups(of: batch.rows, try await BoundTables.resource("Kabupaten"))
    #expect(groups.map { $0.rows.map(\.index) } == [[5, 3, 1], [4, 2, 0]])
    #expect(groups.allSatisfy { $0.present.count == 2 && $0.sets.count == 1 })
  }

  @Test("fields that the mask does not name are refused, and fields that it names may be absent") func mask()
    async throws
  {
    let batch = try await batch { request in
      request.updateMask.paths = ["name", "alt_name", "province_id"]
      request.data = [
        row(1) { ($0.name, $0.provinceID) = ("x", 11) },
        row(2) { ($0.name, $0.provinceID, $0.latitude) = ("x", 11, "1") },
        row(3),
      ]
    }
    #expect(batch.rows.map(\.index) == [0])
    #expect(batch.rows.first?.sets.count == 3)
    #expect(batch.faults[1]?.map(\.field) == ["data[1].latitude"])
    #expect(batch.faults[2]?.map(\.field) == ["data[2].province_id", "data[2].name"], "they have no default")
  }

  @Test("an empty batch, and unknown columns of a mask, are refused") func refused() async throws {
    await #expect(throws: (any Error).self) { _ = try await batch { _ in } }
    for path in ["nama", "version", "", "data.name"] {
      await #expect(throws: (any Error).self) {
        _ = try await batch { request in
          request.data = [row(1)]
          request.updateMask.paths = [path]
        }
      }
    }
  }
}
