import BahariClient
import Testing

@testable import bahari

struct TextTests {
  @Test(
    arguments: [
      (0, "0"), (-0.0, "-0"), (1, "1"), (-12.5, "-12.5"), (2.9310948, "2.9310948"), (100, "100"), (0.1, "0.1"),
      (0.0001, "0.0001"), (0.00001, "1e-05"), (-0.0000125, "-1.25e-05"), (999_999_999_999_999, "999999999999999"),
      (1e15, "1e+15"), (1.5e16, "1.5e+16"), (123_456_789_012_345.6, "123456789012345.6"), (1e100, "1e+100"),
      (Double.leastNonzeroMagnitude, "5e-324"), (1.7976931348623157e308, "1.7976931348623157e+308"),
      (0.1 + 0.2, "0.30000000000000004"),
      (Double.nan, "NaN"), (-Double.infinity, "-Infinity"),
    ] as [(Double, String)])
  func doublesReadAsPostgreSQLPrintsThem(_ number: Double, _ text: String) {
    #expect(DoubleText.format(number) == text)
  }

  @Test func floatsHaveSixDigits() {
    for (number, text) in [(123456, "123456"), (1_234_567, "1.234567e+06"), (-2.5, "-2.5"), (0.25, "0.25")]
      as [(Float, String)]
    {
      #expect(DoubleText.format(number) == text)
    }
  }

  @Test func everyDoubleReadsBackTheSame() throws {
    for _ in 0..<20_000 {
      let number = Double(bitPattern: UInt64.random(in: 0...UInt64.max))
      guard number.isFinite else { continue }
      #expect(Double(DoubleText.format(number))?.bitPattern == number.bitPattern)
    }
  }

  @Test(
    arguments: [
      ("district_id=110101", "district_id", "eq", ["110101"]), ("a != b", "a", "ne", ["b"]),
      ("a<=1", "a", "lte", ["1"]),
      ("a>=1", "a", "gte", ["1"]), ("a<1", "a", "lt", ["1"]), ("a > 1", "a", "gt", ["1"]),
      ("name ~ 50%_\\", "name", "ilike", ["%50\\%\\_\\\\%"]), ("a=b=c", "a", "eq", ["b=c"]), ("a=", "a", "eq", [""]),
      ("a = ' b '", "a", "eq", [" b "]), ("a is null", "a", "is_null", ["true"]),
      ("a IS  NOT NULL", "a", "is_null", ["false"]), ("id in (1, 2,3)", "id", "in", ["1", "2", "3"]),
      ("a in ('x,y', \"z\")", "a", "in", ["x,y", "z"]),
    ] as [(String, String, String, [String])])
  func conditions(_ text: String, _ field: String, _ operation: String, _ values: [String]) throws {
    let comparison = try #require(Comparison(rawValue: operation))
    #expect(try WhereParser.filter(text) == .field(field, comparison, values: values))
  }

  @Test(arguments: ["", "a", "=1", "a is", "a in 1", "a in ()", "a ! 1", "a in ('x)"])
  func brokenConditionsAreRefused(_ text: String) {
    #expect(throws: Failure.self) { try WhereParser.filter(text) }
  }

  @Test func severalConditionsHoldTogether() throws {
    #expect(try WhereParser.filter(all: []) == nil)
    #expect(try WhereParser.filter(all: ["a=1"]) == .field("a", .eq, "1"))
    #expect(try WhereParser.filter(all: ["a=1", "b=2"])?.all.count == 2)
  }

  @Test(
    arguments: [
      ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"), ("2026-01-31", 1_769_817_600, 0, "2026-01-31T00:00:00Z"),
      ("2024-02-29 23:59:59.5+07:00", 1_709_225_999, 500_000_000, "2024-02-29T16:59:59.500Z"),
      ("0001-01-01T00:00:00Z", -62_135_596_800, 0, "0001-01-01T00:00:00Z"),
      ("1969-12-31T23:59:59.000001Z", -1, 1_000, "1969-12-31T23:59:59.000001Z"),
      ("9999-12-31T23:59:59Z", 253_402_300_799, 0, "9999-12-31T23:59:59Z"),
    ] as [(String, Int64, Int32, String)])
  func timestamps(_ text: String, _ seconds: Int64, _ nanoseconds: Int32, _ canonical: String) throws {
    let time = try #require(Timestamp(text))
    #expect(time == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
    #expect(time.text == canonical)
  }

  @Test(arguments: ["", "2023-02-29", "2026-13-01", "2026-01-01T24:00", "2026-01-01T10:00:00X", "26-1-1"])
  func brokenTimestampsAreRefused(_ text: String) { #expect(Timestamp(text) == nil) }

  @Test func base64() throws {
    for (bytes, text) in [([], ""), ([1], "AQ=="), ([1, 2], "AQI="), ([255, 254, 253], "//79")] as [([UInt8], String)] {
      #expect(Base64.encode(bytes) == text)
      #expect(Base64.decode(text) == bytes)
    }
    #expect(Base64.decode("A") == nil && Base64.decode("A?==") == nil)
  }

  @Test func jsonIsRead() throws {
    let json = try JSONParser.parse(#" {"a": [1, -2.5e3, true, null], "b\n\u00e9\ud83d\ude00": "x\\y"} "#)
    #expect(
      json
        == .object([
          .init(name: "a", value: .array([.number("1"), .number("-2.5e3"), .bool(true), .null])),
          .init(name: "b\né😀", value: .string("x\\y")),
        ]))
    for broken in ["", "{", "[1,]", "{\"a\" 1}", "\"x", "1 2", "nul", "\"\\ud83d\"", String(repeating: "[", count: 99)]
    {
      #expect(throws: Failure.self) { try JSONParser.parse(broken) }
    }
  }

  @Test func tablesAlignAndHideControlCharacters() {
    var bytes: [UInt8] = []
    TableText(
      columns: [.init(title: "id", isNumber: true), .init(title: "name", isNumber: false)],
      rows: [["7", "a\u{1b}[2J\nb"], ["110", nil]], screen: .plain
    ).write(to: &bytes)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == " id  name\n---  -----------\n  7  a\\x1b[2J\\nb\n110  NULL\n")
  }

  @Test func exitCodesGoByClass() {
    #expect(ExitStatus(.notFound).rawValue == 66 && ExitStatus(.invalidArgument).rawValue == 64)
    #expect(ExitStatus(.aborted).rawValue == 73 && ExitStatus(.unavailable).rawValue == 69)
    #expect(ExitStatus(.deadlineExceeded).rawValue == 75 && ExitStatus(.internal).rawValue == 70)
  }
}
