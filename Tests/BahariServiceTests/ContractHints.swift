import BahariCatalog
import BahariFrame
import BahariPostgres
import Testing

@testable import BahariService

/// Warnings: unusual values that are written all the same, by the hints of each table's literal.
@Suite("Contract: warnings", .contract) struct ContractHints {
  @Test("an odd value is written and warned of, a usual one is not", arguments: ContractTests.tables)
  func hints(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    var number = 10
    for hint in subject.resource.table.hints {
      number += 3
      let usual = try await subject.row(number, hint, isOdd: false)
      let odd = try await subject.row(number + 1, hint, isOdd: true)
      let told = try subject.warnings(hint)
      let made = try await subject.call(.create, ["data": [.message(usual)]])
      #expect(Set(made.warned).isDisjoint(with: told), "\(hint)")
      let warned = try await subject.call(.create, ["data": [.message(odd)]])
      #expect(Set(warned.warned).isSuperset(of: told), "\(hint)")
      #expect(warned.message("data")?.only(odd.keys) == odd, "\(hint)")
      // An update warns of the columns that it sets, and a dry run warns as the write does.
      let id = try #require(made.message("data")?.number("id"))
      let other = try await subject.row(number + 2, hint, isOdd: true)
      let change = subject.request(id, other.only(hint.columns))
      for request in [change.merging(["dry_run": [.number(1)]]) { $1 }, change] {
        #expect(Set(try await subject.call(.update, request).warned).isSuperset(of: told), "\(hint)")
      }
    }
  }

  @Test("a batch warns of its odd rows by their places", arguments: ContractTests.tables) func batchHints(
    _ table: String
  )
    async throws
  {
    let subject = try await Subject.alone(table)
    var number = 10
    // A batch gives no warnings that need a look at other tables.
    for hint in subject.resource.table.hints where hint.isOfValue {
      number += 3
      var rows: [Fields] = []
      for place in 0..<3 { rows.append(try await subject.row(number + place, hint, isOdd: place == 1)) }
      let reply = try await subject.call(.batchUpsert, ["data": rows.map { .message($0) }])
      #expect(reply.number("created") == 3)
      let places = reply.messages("warnings").filter { $0.warned.contains(hint.columns[0]) }.map { $0.number("index") }
      #expect(places == [1], "\(hint)")
    }
  }
}

extension Hint {
  fileprivate var isOfValue: Bool {
    if case .agrees = self { return false }
    return true
  }
}

extension Fields {
  /// The fields that warnings are about.
  fileprivate var warned: [String] { messages("warnings").compactMap { $0.text("field") } }
}

extension Subject {
  /// The fields that a warning of this kind names.
  fileprivate func warnings(_ hint: Hint) throws -> [String] {
    guard case .agrees(let columns, _) = hint else { return [hint.columns[0]] }
    for column in columns { _ = try #require(resource.live.foreignKey(of: column), "\(column) refers to no table") }
    return columns
  }

  /// A row that is odd in this way, or not.
  fileprivate func row(_ number: Int, _ hint: Hint, isOdd: Bool) async throws -> Fields {
    var row = try await maker.row(resource, number)
    if case .agrees(_, let shared) = hint {
      guard isOdd else { return row }
      let key = try #require(resource.live.foreignKey(of: shared), "\(shared) refers to no table")
      row[shared] = try await maker.create(key.target, number + 2_000_000)[key.targetColumns[0]]
      return row
    }
    let name = hint.columns[0]
    let column = try #require(resource.column(name))
    let text = isOdd ? Subject.odd(hint, number) : Subject.usual(hint, number)
    switch column.type {
    case .int4, .int8: row[name] = [.number(try #require(Int64(text)))]
    case .float8: row[name] = [.double(try #require(Double(text)))]
    // With all its digits, since that is how PostgreSQL gives it back.
    case .numeric: row[name] = [.text("\(text)." + String(repeating: "0", count: column.live.precision?.scale ?? 0))]
    default: row[name] = [.text(text)]
    }
    return row
  }

  private static func usual(_ hint: Hint, _ number: Int) -> String {
    switch hint {
    case .usually(_, let values): values[number % values.count]
    case .between(_, let range): String(Int((range.lowerBound + range.upperBound) / 2))
    case .digits(_, let count): padded(number, count)
    case .nip: "199001012015011" + padded(number, 3)
    case .nik: "320101410190" + padded(number, 4)
    case .phone: "+62812" + padded(number, 8)
    case .agrees: ""
    }
  }

  private static func odd(_ hint: Hint, _ number: Int) -> String {
    switch hint {
    case .usually: "Lain \(number)"
    case .between(_, let range): String(Int(range.upperBound) + 1)
    case .digits(_, let count): padded(number, count - 1)
    // The thirteenth month.
    case .nip: "199013012015011" + padded(number, 3)
    case .nik: "320101411390" + padded(number, 4)
    case .phone: "021" + padded(number, 8)
    case .agrees: ""
    }
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
