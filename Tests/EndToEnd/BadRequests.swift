import BahariClient
import BahariFrame
import SwiftProtobuf
import Testing

extension EndToEnd {
  /// Requests that are well framed and wrong inside.
  @Suite(.served("bad_requests")) struct BadRequests {
    private let bench: Bench
    private var wire: Wire { bench.wire }

    init() throws { bench = try Bench() }

    private func refused(
      _ method: String, _ message: some Message, _ code: StatusCode, _ responseCode: String, field: String? = nil,
      _ location: SourceLocation = #_sourceLocation
    ) throws -> Status {
      try refused(method, bytes: message.serializedBytes(), code, responseCode, field: field, location)
    }

    @discardableResult
    private func refused(
      _ method: String, bytes: [UInt8], _ code: StatusCode, _ responseCode: String, field: String? = nil,
      _ location: SourceLocation = #_sourceLocation
    ) throws -> Status {
      let status = try wire.refusal(method, bytes)
      #expect(status.code == code, "\(status)", sourceLocation: location)
      #expect(status.metadata["response_code"] == responseCode, "\(status)", sourceLocation: location)
      if let field {
        #expect(status.violations.contains { $0.field == field }, "\(status)", sourceLocation: location)
      }
      try bench.proveAlive(location)
      return status
    }

    private func create(_ change: (inout Bahari_V1_Kabupaten) -> Void) -> Bahari_V1_CreateKabupatenRequest {
      var request = Bahari_V1_CreateKabupatenRequest()
      request.data.id = 9_901
      request.data.provinceID = 11
      request.data.name = "KABUPATEN BARU"
      change(&request.data)
      return request
    }

    /// The refused call wrote no row.
    private func expectNoRow(_ location: SourceLocation = #_sourceLocation) throws {
      #expect(try wire.refusal("Kabupaten/Get", Bytes.get(9_901)).code == .notFound, sourceLocation: location)
    }

    // MARK: Values

    @Test(
      "Names with a NUL, or that are not UTF-8",
      arguments: [[0x41, 0x00, 0x42], [0xff, 0xfe], [0xc3, 0x28], [0xed, 0xa0, 0x80]] as [[UInt8]])
    func badText(name: [UInt8]) throws {
      let payload = Bytes.message { writer in
        writer.field(1) {
          writer.field(1, varint: 9_901)
          writer.field(2, varint: 11)
          name.withUnsafeBytes { writer.field(3, bytes: $0) }
        }
      }
      try refused("Kabupaten/Create", bytes: payload, .invalidArgument, "4000000", field: "data.name")
      try expectNoRow()
    }

    @Test("A missing name")
    func missingName() throws {
      let status = try refused(
        "Kabupaten/Create", create { $0.clearName() }, .invalidArgument, "4000002", field: "data.name")
      #expect(status.metadata["outcome"] == "not_applied")
      try expectNoRow()
    }

    @Test("All violations are listed at once, and a missing field decides the code")
    func allFaults() throws {
      let request = create {
        $0.clearName()
        $0.latitude = "91"
        $0.longitude = "abc"
      }
      let status = try refused("Kabupaten/Create", request, .invalidArgument, "4000002")
      #expect(Set(status.violations.map(\.field)) == ["data.name", "data.latitude", "data.longitude"])
    }

    @Test("A latitude of 91")
    func latitude() throws {
      let request = create { $0.latitude = "91" }
      let status = try refused("Kabupaten/Create", request, .invalidArgument, "4000001", field: "data.latitude")
      #expect(status.message.contains("90"), "\(status.message)")
      try expectNoRow()
    }

    @Test("A province that does not exist")
    func missingProvince() throws {
      let request = create { $0.provinceID = 999 }
      let status = try refused("Kabupaten/Create", request, .failedPrecondition, "4000001", field: "data.province_id")
      #expect(status.metadata["table"] == "mst_kabupaten")
      try expectNoRow()
    }

    @Test("An id that is taken")
    func taken() throws {
      _ = try refused("Kabupaten/Create", create { $0.id = 1_101 }, .alreadyExists, "4090001", field: "data.id")
    }

    @Test("An unknown field in a write is refused, and in a read ignored")
    func unknownField() throws {
      let known = try create { _ in }.serializedBytes() as [UInt8]
      let outer = known + Bytes.message { $0.field(77, varint: 1) }
      try refused("Kabupaten/Create", bytes: outer, .invalidArgument, "4000000", field: "77")
      let inner = Bytes.message { writer in
        writer.field(1) {
          writer.field(1, varint: 9_901)
          writer.field(2, varint: 11)
          writer.field(3, string: "KABUPATEN BARU")
          writer.field(39, string: "?")
        }
      }
      try refused("Kabupaten/Create", bytes: inner, .invalidArgument, "4000000", field: "data.39")
      try expectNoRow()
      let read = Bytes.get(11) + Bytes.message { $0.field(77, varint: 1) }
      #expect(try wire.call("Provinsi/Get", read).message(Bahari_V1_ProvinsiReply.self).data.id == 11)
    }

    // MARK: Deleting

    @Test("Deleting twice")
    func deleteTwice() throws {
      let created = try wire.call("Kabupaten/Create", create { $0.provinceID = 12 })
      #expect(try created.message(Bahari_V1_KabupatenReply.self).data.id == 9_901)
      #expect(try wire.call("Kabupaten/Delete", Bytes.get(9_901)).status == nil)
      let status = try refused("Kabupaten/Delete", bytes: Bytes.get(9_901), .notFound, "4040001")
      #expect(status.message.contains("9901"))
    }

    @Test("The refusal to delete a province that has regencies counts the rows that would go, by table")
    func cascade() async throws {
      let status = try refused("Provinsi/Delete", bytes: Bytes.get(11), .failedPrecondition, "4090000")
      let rowsByTable = ["mst_kabupaten": 2, "mst_kecamatan": 2, "mst_desa": 25]
      for (table, rows) in rowsByTable {
        #expect(status.message.contains("\(rows) of \(table)"), "\(status.message)")
        #expect(status.metadata["rows.\(table)"] == "\(rows)")
      }
      #expect(try await bench.daemon.sql("SELECT count(*) FROM public.mst_desa") == "25")
    }

    // MARK: Lists

    @Test("An unknown column or operator in a filter")
    func unknownFilter() throws {
      var request = ListRequest()
      request.filter = .field("colour", .eq, "red")
      let column = try refused("Desa/List", request, .invalidArgument, "4000000")
      #expect(column.message.contains("colour") && column.message.contains("district_id"), "\(column.message)")
      request.filter.operator = "resembles"
      request.filter.field = "name"
      let comparison = try refused("Desa/List", request, .invalidArgument, "4000000")
      #expect(comparison.message.contains("resembles") && comparison.message.contains("ilike"), "\(comparison.message)")
    }

    @Test("A filter nested 9 and 100 deep", arguments: [9, 100])
    func deepFilter(depth: Int) throws {
      var filter = Filter.field("name", .eq, "x")
      for _ in 1..<depth {
        var outer = Filter()
        outer.not = filter
        filter = outer
      }
      var request = ListRequest()
      request.filter = filter
      _ = try refused("Desa/List", request, .invalidArgument, "4000000")
    }

    @Test("A limit out of 1 to 100", arguments: [Int32(0), 101, -1])
    func limit(value: Int32) throws {
      var request = ListRequest()
      request.limit = value
      let status = try refused("Desa/List", request, .invalidArgument, "4000001", field: "limit")
      #expect(status.message.contains("100"))
    }

    @Test("The lowest and highest limits", arguments: [(Int32(1), 1), (100, 25)])
    func limits(value: Int32, rows: Int) throws {
      var request = ListRequest()
      request.limit = value
      #expect(try wire.call("Desa/List", request).message(Bahari_V1_ListDesaReply.self).data.count == rows)
    }

    @Test(
      "A search for a wildcard finds the rows that contain that character", arguments: [("%", 1), ("_", 0), ("\\", 0)])
    func wildcard(text: String, rows: Int64) throws {
      var request = ListRequest()
      request.search = text
      let page: Bahari_V1_ListKabupatenReply = try wire.call("Kabupaten/List", request).message()
      #expect(page.pagination.total == rows)
      #expect(page.data.allSatisfy { $0.name.contains(text) })
      try bench.proveAlive()
    }

    // MARK: Calls

    @Test(
      "Services and methods that do not exist",
      arguments: [
        ("bahari.v1.Nothing/Get", "bahari.v1.Nothing"), ("Desa/Nothing", "Nothing"), ("desa/Get", "desaService"),
        ("Desa/get", "get"),
      ])
    func unknownMethod(method: String, named: String) throws {
      let status = try refused(method, bytes: [], .unimplemented, "4050000")
      #expect(status.message.contains(named), "\(status.message)")
    }

    @Test("A negative timeout has expired already")
    func expired() throws {
      let status = try wire.refusal("Provinsi/Get", Bytes.get(11), timeout: -1)
      #expect(status.code == .deadlineExceeded && status.metadata["response_code"] == "5040000")
      try bench.proveAlive()
    }

    @Test("A deadline that passes while the call waits")
    func deadline() async throws {
      try await bench.daemon.whileLocked("mst_desa") {
        try wire.request(1, "Desa/List", [], timeout: 1_000_000)
        let status = try #require(try wire.frames(1)[0].status)
        #expect(status.code == .deadlineExceeded && status.metadata["response_code"] == "5040000")
        try bench.proveAlive()
      }
      // PostgreSQL's late answer is discarded: the next frame is the Get's.
      try bench.proveAlive()
    }
  }
}
