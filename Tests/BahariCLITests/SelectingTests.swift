import BahariClient
import SwiftProtobuf
import Testing

@testable import bahari

/// Conditions, names of resources, and completions.
struct SelectingTests {
  private func column(_ name: String, _ comparison: Comparison, _ values: String...) -> Filter {
    .field(name, comparison, values: values)
  }
  private func not(_ filter: Filter) -> Filter { .with { $0.not = filter } }

  @Test func conditionsAreJoined() throws {
    let (a, b, c) = (column("a", .eq, "1"), column("b", .eq, "2"), column("c", .isNull, "true"))
    for (text, filter) in [
      ("a=1 and b=2", Filter.all(of: [a, b])), ("a=1 or b=2", .any(of: [a, b])),
      ("a=1 OR b=2 and c is null", .any(of: [a, .all(of: [b, c])])),
      ("a=1 and (b=2 or c is null)", .all(of: [a, .any(of: [b, c])])),
      ("(a=1)and(b=2)and(c is null)", .all(of: [a, b, c])), ("((a=1 and b=2)) and c is null", .all(of: [a, b, c])),
      ("not a=1", not(a)), ("not (a=1 or b=2)", not(.any(of: [a, b]))),
      ("id not in (1, 2) and a=1", .all(of: [not(column("id", .in, "1", "2")), a])),
      ("a between 1 and 5 and b=2", .all(of: [column("a", .between, "1", "5"), b])),
    ] as [(String, Filter)] {
      #expect(try WhereParser.filter(text) == filter, "\(text)")
    }
  }

  @Test func valuesEndWhereTheNextConditionBegins() throws {
    for (text, value) in [
      ("a = Simon Ander", "Simon Ander"), ("a='x and y' and b=1", "x and y"), ("a=Tuna (besar) or b=1", "Tuna (besar)"),
      ("(a=Tuna (besar))", "Tuna (besar)"), ("a='Ba''u'", "Ba'u"), ("a=Ba'u", "Ba'u"), ("a= and b=1", ""),
      ("a=order and b=1", "order"), ("a=\"or\"", "or"),
      // A quote ends a value also beside a mark that would join it to one Character.
      ("a='\u{301}x' or b=1", "\u{301}x"), ("a='x\u{600}' and b=1", "x\u{600}"), ("a=\u{301}", "\u{301}"),
    ] {
      let filter = try WhereParser.filter(text)
      let first = filter.all.first ?? filter.any.first ?? filter
      #expect(first == column("a", .eq, value), "\(text)")
    }
  }

  @Test(
    arguments: [
      ("a=1 and", "at its end"), ("(a=1", "a ) is missing"), ("a=1)", "at \")\""), ("a=1 or or b=2", "at \"or b=2\""),
      ("a between 1", "the and of between"), ("a is", "null or not null"), ("a='x", "quote has no end"),
      ("a not 1", "an operator"), (String(repeating: "(", count: 33) + "a=1", "more than 32 levels"),
      (String(repeating: "not ", count: 100_000), "more than 32 levels"),
    ])
  func brokenExpressionsNameThePosition(_ text: String, _ part: String) {
    let failure = #expect(throws: Failure.self) { try WhereParser.filter(text) }
    #expect(failure?.message.contains(part) == true, "\(failure?.message ?? "")")
  }

  @Test func resourcesAnswerToSeveralNames() throws {
    let names = ResourceNames(
      [
        ("desa", "mst_desa", "/api/master/villages"), ("role", "mst_role", "/api/master/roles"),
        ("kabupaten", "mst_kabupaten", "/api/master/regencies"), ("kapal", "mst_kapal", "/kapal"),
        ("kelompok_nelayan", "mst_kelompok_nelayan", "/kelompok-nelayan"), ("jenis_usaha", "mst_jenis_usaha", "/x"),
        ("jenis_bantuan", "mst_jenis_bantuan", "/y"), ("bantuan", "trx_bantuan", "/bantuan"),
      ].map { name, table, path in .with { ($0.name, $0.table, $0.oldPath) = (name, table, path) } })
    for (given, name) in [
      ("desa", "desa"), ("villages", "desa"), ("village", "desa"), ("Desa", "desa"), ("mst_desa", "desa"),
      ("regency", "kabupaten"), ("roles", "role"), ("kapals", "kapal"), ("kelompok-nelayan", "kelompok_nelayan"),
      ("kelompok", "kelompok_nelayan"), ("bantuan", "bantuan"),
    ] {
      #expect(try names.find(given).name == name, "\(given)")
    }
    let several = #expect(throws: Failure.self) { try names.find("jenis") }
    #expect(several?.message.contains("jenis_usaha, jenis_bantuan") == true)
    let none = #expect(throws: Failure.self) { try names.find("ikan") }
    #expect(none?.message.contains("there are: desa, role") == true)
  }

  @Test func completionsContinueTheTypedText() {
    let resource = Bahari_V1_Resource.with {
      $0.columns = [
        .with { $0.name = "id" },
        .with { ($0.name, $0.values) = ("status", ["Aktif", "Rusak"]) },
      ]
    }
    #expect(Completions.columns(resource, after: "") == ["id", "status"])
    #expect(Completions.columns(resource, after: "id,-st") == ["id,-id", "id,-status"])
    #expect(Completions.assignments(resource, after: "st") == ["id=", "status="])
    #expect(Completions.assignments(resource, after: "status=") == ["status=Aktif", "status=Rusak"])
  }
}
