import BahariClient
import BahariFrame
import TestSupport
import Testing

@testable import BahariService

@Suite("Times in filters", .ownDatabases) struct TimeTextTests {
  private func microseconds(_ text: String) -> Int64? { Array(text.utf8).withUnsafeBytes(TimeText.microseconds) }

  @Test("a zone is part of the moment; without one it is UTC") func zones() {
    let noon: Int64 = 43_200_000_000
    for text in [
      "2000-01-01T12:00:00", "2000-01-01 12:00", "2000-01-01T12:00:00.000000", "2000-01-01T12:00:00Z",
      "2000-01-01T12:00Z", "2000-01-01T19:00:00+07:00", "2000-01-01T19:00+0700", "2000-01-01T19:00+07",
      "2000-01-01T02:30:00-09:30", "2000-01-02T00:00:00+12:00", "1999-12-31T23:00:00-13:00",
    ] { #expect(microseconds(text) == noon, "\(text)") }
    #expect(microseconds("2000-01-01") == 0)
    #expect(microseconds("1999-12-31T23:59:59.9999999Z") == -1)
    #expect(microseconds("2000-01-01T00:00:00.1") == 100_000)
  }

  @Test("other texts, and moments out of range, are refused") func refused() {
    for text in [
      "", "now", "infinity", "2000-01-01Z", "2000-01-01+07:00", "2000-01-01T", "2000-01-01T12", "2000-01-01T12:00:",
      "2000-01-01T12:00:00.", "2000-01-01T12:00:00.1234567890", "2000-01-01T24:00:00", "2000-01-01T12:60:00",
      "2000-01-01T12:00:60", "2000-02-30T12:00:00", "2000-01-01T12:00:00+", "2000-01-01T12:00:00+7",
      "2000-01-01T12:00:00+07:", "2000-01-01T12:00:00+07:60", "2000-01-01T12:00:00+16:00", "2000-01-01T12:00:00 WIB",
      "2000-01-01T12:00:00ZZ", "2000-01-01T12:00:00z", " 2000-01-01", "2000-01-01 ", "2000-1-1", "0000-01-01",
      "10000-01-01", "0001-01-01T00:00:00+07:00", "9999-12-31T23:00:00-07:00", "2000-01-01T１2:00:00",
    ] { #expect(microseconds(text) == nil, "\(text)") }
  }

  @Test("PostgreSQL reads the same moment, where it honours zones") func likePostgres() async throws {
    let session = try await MigratedDatabase.make("time_text").session()
    var random = Seeded(8)
    func pair(_ range: ClosedRange<Int>) -> String {
      let number = Int.random(in: range, using: &random)
      return number < 10 ? "0\(number)" : "\(number)"
    }
    let texts = (0..<500).map { _ in
      let year = Int.random(in: 1583...9998, using: &random)
      let zone = ["", "Z", "+\(pair(0...15)):\(pair(0...59))", "-\(pair(0...15))\(pair(0...59))", "+\(pair(0...15))"]
      let clock = [":\(pair(0...59))", "", ":\(pair(0...59)).\(pair(0...99))"]
      return "\(year)-\(pair(1...12))-\(pair(1...28))T\(pair(0...23)):\(pair(0...59))"
        + clock[Int.random(in: 0...2, using: &random)] + zone[Int.random(in: 0...4, using: &random)]
    }
    let values = texts.map { "('\($0)')" }.joined(separator: ", ")
    let rows = try session.query(
      "SELECT (extract(epoch FROM v::timestamptz) * 1000000)::int8 - 946684800000000 FROM (VALUES \(values)) AS t (v)")
    for (row, text) in texts.enumerated() { #expect(microseconds(text) == rows.int64(row, 0), "seed 8: \(text)") }
  }

  @Test("a filter finds the same rows however the zone is written") func filter() async throws {
    let bench = try await Fishery.bench("time_filter")
    // 2026-01-01T00:00:00Z.
    let made: Bahari_V1_AbsensiReply = try await bench.call(Fishery.day("2026-01-01", nil), "Absensi", .create)
    func found(_ given: String, _ values: String...) async throws -> [Int32] {
      let request = ListRequest.with {
        ($0.filter.field, $0.filter.operator, $0.filter.values) = ("checkin", given, values)
      }
      let reply: Bahari_V1_ListAbsensiReply = try await bench.call(request, "Absensi", .list)
      return reply.data.map(\.id)
    }
    let id = made.data.id
    for text in ["2026-01-01T00:00:00", "2026-01-01T00:00:00Z", "2026-01-01T07:00:00+07:00", "2025-12-31T15:00-09:00"] {
      #expect(try await found("eq", text) == [id], "\(text)")
      #expect(try await found("gt", text) == [], "\(text)")
      #expect(try await found("in", text, "2026-02-01") == [id], "\(text)")
    }
    #expect(try await found("lt", "2026-01-01T07:00:00+07:00") == [])
    #expect(try await found("lt", "2026-01-01T00:00:00-01:00") == [id])
    #expect(try await found("between", "2026-01-01T08:00:00+09:00", "2026-01-01T09:00:00+08:00") == [id])
    let status = await #expect(throws: BahariFrame.Status.self) { _ = try await found("eq", "2026-01-01 00:00 WIB") }
    #expect(status?.metadata["response_code"] == "4000001" && status?.violations.map(\.field) == ["filter.values"])
    #expect(status?.message.contains("+07:00") == true)
    await bench.close()
  }
}
