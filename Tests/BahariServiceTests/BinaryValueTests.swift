import BahariPostgres
import TestSupport
import Testing

@testable import BahariService

/// PostgreSQL's binary values, against the text that PostgreSQL itself makes of them.
@Suite("Binary values") struct BinaryValueTests {
  private func session() async throws -> Session {
    try Session(ConnectionOptions(conninfo: try await TestCluster.shared().cluster.conninfo))
  }

  @Test("numerics are written as PostgreSQL writes them") func numerics() async throws {
    let session = try await session()
    var random = Seeded(51)
    var texts = [
      "0", "-0.00", "0.0", "0.0001", "0.00001", "0.00010", "1e20", "1e-20", "10000", "9999.9999", "99999999",
      "100000000", "123456789.123456789", "-1", "-0.5", "10.00", "0.1000", "1e130", "-1e-130", "12345.60",
    ]
    for _ in 0..<500 {
      let digits = { (count: Int) in (0..<count).map { _ in "\(Int.random(in: 0...9, using: &random))" }.joined() }
      let whole = digits(Int.random(in: 1...24, using: &random))
      let fraction = digits(Int.random(in: 0...24, using: &random))
      texts.append((Bool.random(using: &random) ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction))
    }
    for text in texts {
      let rows = try session.query("SELECT $1::numeric, $1::numeric::text", [text])
      let bytes = try #require(rows.bytes(0, 0))
      #expect(BinaryNumeric.text(bytes) == rows.string(0, 1), "\(text)")
    }
    for text in ["NaN", "Infinity", "-Infinity"] {
      let rows = try session.query("SELECT $1::numeric", [text])
      #expect(BinaryNumeric.text(try #require(rows.bytes(0, 0))) == nil, "\(text)")
    }
  }

  @Test("days are written as PostgreSQL writes them, and days without a four-digit year are not") func dates()
    async throws
  {
    let session = try await session()
    let rows = try session.query(
      """
      SELECT d, to_char(d, 'YYYY-MM-DD') FROM (
        SELECT date '0001-01-01' + (i::bigint * 3652058 / 3000)::int AS d FROM generate_series(0, 3000) AS g (i)
        UNION ALL SELECT unnest(ARRAY['0001-01-01', '9999-12-31', '2000-02-29', '1900-02-28', '1900-03-01',
          '2024-02-29', '2023-12-31', '0004-02-29', '1970-01-01', '1999-12-31', '2000-01-01']::date[])) AS s
      """)
    #expect(rows.count == 3_012)
    for row in 0..<rows.count {
      #expect(BinaryDate.text(try #require(rows.int32(row, 0))) == rows.string(row, 1))
    }
    let beyond = try session.query(
      "SELECT unnest(ARRAY['infinity', '-infinity', '10000-01-01', '0001-12-31 BC', '5874897-12-31']::date[])")
    for row in 0..<beyond.count { #expect(BinaryDate.text(try #require(beyond.int32(row, 0))) == nil) }
  }

  @Test("times, to the microsecond, and back") func times() async throws {
    let session = try await session()
    let rows = try session.query(
      """
      SELECT int8send(0)::text, (extract(epoch FROM t) * 1000000)::int8,
        ((extract(epoch FROM t) - 946684800) * 1000000)::int8
      FROM unnest(ARRAY['0001-01-01', '1969-12-31 23:59:59.999999', '1970-01-01', '1999-12-31 23:59:59.5',
        '2000-01-01', '2024-02-29 12:34:56.789012', '9999-12-31 23:59:59.999999']::timestamp[]) AS t
      """)
    for row in 0..<rows.count {
      let (unix, stored) = (try #require(rows.int64(row, 1)), try #require(rows.int64(row, 2)))
      let time = try #require(BinaryDate.unixTime(stored))
      #expect(time.seconds * 1_000_000 + time.nanoseconds / 1_000 == unix)
      #expect((0..<1_000_000_000).contains(time.nanoseconds))
      #expect(BinaryDate.microseconds(seconds: time.seconds, nanoseconds: Int32(time.nanoseconds)) == stored)
    }
    for value in [Int64.min, .max, -63_082_281_600_000_001, 252_455_616_000_000_000] {
      #expect(BinaryDate.unixTime(value) == nil, "\(value)")
    }
    #expect(BinaryDate.microseconds(seconds: 0, nanoseconds: -1) == nil)
    #expect(BinaryDate.microseconds(seconds: 0, nanoseconds: 1_000_000_000) == nil)
    #expect(BinaryDate.microseconds(seconds: .max, nanoseconds: 0) == nil)
    #expect(BinaryDate.microseconds(seconds: .min, nanoseconds: 0) == nil)
  }

  @Test("which texts are days") func isDate() {
    func isDate(_ text: String) -> Bool { Array(text.utf8).withUnsafeBytes { BinaryDate.isDate($0) } }
    for text in ["0001-01-01", "9999-12-31", "2000-02-29", "2024-02-29", "2023-02-28", "2023-04-30"] {
      #expect(isDate(text), "\(text)")
    }
    for text in [
      "", "0000-01-01", "2023-02-29", "1900-02-29", "2023-04-31", "2023-00-01", "2023-13-01", "2023-01-00",
      "2023-01-32", "2023-1-1", "2023/01/01", "20230101", "infinity", "today", "2023-01-01 ", "-023-01-01", "２０２３-01",
    ] {
      #expect(!isDate(text), "\(text)")
    }
  }
}
