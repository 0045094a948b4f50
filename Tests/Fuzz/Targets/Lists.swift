import BahariFrame
import BahariMessage

@testable import BahariPostgres
@testable import BahariService

extension FuzzTarget {
  /// The request of a list as SQL: its filter, search, sort, place and page. The first two bytes choose the table.
  static let lists = FuzzTarget(
    name: "lists", rounds: 2_000,
    words: [
      "id", "name", "latitude", "is_null", "between", "ilike", "in", "eq", "true", "1", "\\", "%", "-", "\u{301}",
      "\u{600}",
    ],
    seeds: { ListSeeds.all },
    check: { bytes in
      var choices = Choices(bytes)
      let resource = InventedSchema.ring.chosen(by: choices.pair())
      guard let message = try? Message(choices.rest, as: ListSeeds.request) else { return }
      do {
        let query = try ListQuery(
          message, ListFields(ListSeeds.request), resource, resource.standard, order: resource.order)
        try ListCheck.statements(query, resource)
        if let text = message.string(ListFields(ListSeeds.request).search) { try ListCheck.escapes(of: text) }
      } catch let refusal as Status {
        try ListCheck.refusal(refusal, resource)
      }
    })
}

private enum ListCheck {
  static func statements(_ query: ListQuery, _ resource: Resource) throws {
    let (page, cursor) = (query.page, query.cursor)
    for (statement, parameters) in [
      (page.shape.statement(of: resource), page.parameters),
      (query.totalOfAllPages.shape.statement(of: resource), query.totalOfAllPages.parameters),
      (query.estimate.shape.statement(of: resource), query.estimate.parameters),
      (cursor.shape.statement(of: resource), cursor.parameters),
    ] {
      let check = try SQLCheck(statement)
      let types = statement.parameterTypes
      try hold(parameters.count == types.count, "\(statement.sql) has \(types.count) types, \(parameters.count) values")
      guard page.shape.part == .page, statement.sql.hasPrefix("SELECT \(query.selection.list)") else { continue }
      try hold(check.used == Set(1...types.count), "\(statement.sql) does not use all of its parameters")
    }
    for value in page.parameters.texts {
      try hold(String(validating: value, as: UTF8.self) != nil, "a text for PostgreSQL is not UTF-8")
      try hold(!value.contains(0), "a text for PostgreSQL has a NUL")
    }
    // A pattern that ends in half an escape would be an error of PostgreSQL's, which callers get as INTERNAL.
    let isPattern = page.shape.clause.contains("LIKE")
    for value in page.parameters.texts where isPattern && page.parameters.texts.count == 1 {
      let escapes = value.reversed().prefix { $0 == UInt8(ascii: "\\") }.count
      try hold(escapes.isMultiple(of: 2), "a pattern ends with a backslash that escapes nothing")
    }
  }

  /// In the pattern of a search, no wildcard stands for itself.
  static func escapes(of text: String) throws {
    var plain: [UInt8] = []
    var pattern = Array(Conditions.escaped(text).utf8)[...]
    while let byte = pattern.popFirst() {
      let isSpecial = [UInt8(ascii: "%"), UInt8(ascii: "_")].contains(byte)
      try hold(!isSpecial, "the search for \(text.debugDescription) has a wildcard in its pattern")
      guard byte == UInt8(ascii: "\\") else {
        plain.append(byte)
        continue
      }
      guard let escaped = pattern.popFirst() else { throw Broken(description: "a pattern ends in half an escape") }
      plain.append(escaped)
    }
    try hold(plain.elementsEqual(text.utf8), "the search for \(text.debugDescription) looks for another text")
  }

  static func refusal(_ refusal: Status, _ resource: Resource) throws {
    try hold(refusal.code == .invalidArgument, "a list is refused as \(refusal.code)")
    try hold(refusal.message.utf8.count < 4_096, "an error has \(refusal.message.utf8.count) bytes")
  }
}

extension Parameters {
  /// The values that are sent as text. Each ends before a NUL, so one with a NUL in it comes as two.
  fileprivate var texts: [ArraySlice<UInt8>] {
    slots.filter { $0.format == 0 && $0.length >= 0 }.map { slot in
      bytes[slot.offset..<(slot.offset + Int(slot.length))]
    }
  }
}

enum ListSeeds {
  static let request: MessageDescriptor = {
    guard let type = Descriptors.service("bahari.v1.DesaService")?.method("List")?.input else {
      preconditionFailure("there is no List")
    }
    return type
  }()

  static let all: [FuzzTarget.Seed] = [
    seed("empty", "Desa") { _ in },
    seed("page", "Desa") { writer in
      writer.field(1, varint: 3)
      writer.field(2, varint: 100)
      writer.field(8, varint: 1)
      for name in ["id", "name"] { writer.field(7, string: name) }
    },
    seed("sort", "ProduksiHasilTangkapan") { writer in
      for name in ["-tanggal_produksi", "id"] { writer.field(6, string: name) }
    },
    seed("search", "Desa") { $0.field(4, string: "50%_ of ba'u \\ 漁\u{301}") },
    seed("search-joined", "Kapal") { $0.field(4, string: "simon") },
    seed("token", "Desa") { $0.field(3, string: "0801110000000000000000") },
    seed("near", "Desa") { writer in
      writer.field(9) { degrees([2.9, 97.4, 50], writer) }
    },
    seed("box", "Desa") { writer in
      writer.field(10) { degrees([-1, 170, 1.5, -170], writer) }
    },
    seed("filter-comparisons", "Desa") { writer in
      writer.field(5) {
        for (name, comparison, values) in [
          ("id", "in", ["1", "2"]), ("latitude", "between", ["-1", "1.5"]), ("id", "gte", ["1"]),
          ("alt_name", "is_null", ["false"]),
        ] as [(String, String, [String])] { writer.field(4) { compare(name, comparison, values, writer) } }
      }
    },
    seed("filter-nested", "Pegawai") { writer in
      writer.field(5) {
        writer.field(5) { writer.field(6) { compare("nama", "like", ["a\\%%"], writer) } }
        writer.field(5) { compare("nip", "ilike", ["%é\u{301}"], writer) }
      }
    },
    seed("filter-time", "Absensi") { writer in
      writer.field(5) { compare("checkin", "gt", ["2026-01-31T08:00:00+07:00"], writer) }
    },
    seed("filter-quotes", "Desa") { writer in
      writer.field(5) { compare("name\" OR 1=1 --", "eq", ["'; DROP TABLE x; --"], writer) }
    },
  ]

  private static func seed(_ name: String, _ entity: String, _ body: (WireWriter) -> Void) -> FuzzTarget.Seed {
    .init(name, Ring<Resource>.choice(entity) + written(body))
  }

  /// Writes numbers as the fields from 1 on.
  private static func degrees(_ values: [Double], _ writer: WireWriter) {
    for (place, value) in values.enumerated() { writer.field(UInt32(place + 1), fixed64: value.bitPattern) }
  }

  private static func compare(_ name: String, _ comparison: String, _ values: [String], _ writer: WireWriter) {
    writer.field(1, string: name)
    writer.field(2, string: comparison)
    for value in values { writer.field(3, string: value) }
  }
}
