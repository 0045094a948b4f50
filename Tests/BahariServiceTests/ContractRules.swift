import BahariFrame
import Testing

@testable import BahariCatalog
@testable import BahariService

@Suite("Contract: rules", .contract) struct ContractRules {
  /// A value just outside the column's limits or list; nil where it takes any.
  private func outside(_ column: Column) -> Item? {
    if column.allowed != nil { return .text("tiada") }
    guard let low = column.limits?.lowerBound else { return nil }
    return switch column.field.kind {
    case .string: .text(String(Int(low) - 1))
    case .double: .double(low - 1)
    default: .number(Int64(low) - 1)
    }
  }

  @Test("a value outside a column's limits or its closed list is refused by name", arguments: ContractTests.tables)
  func limits(_ table: String) async throws {
    let subject = try await Subject.alone(table)
    let id = try #require(try await subject.create(1).number("id"))
    for column in RowMaker.given(subject.resource) {
      guard let value = outside(column) else { continue }
      var row = try await subject.maker.row(subject.resource, 2)
      row[column.name] = [value]
      try await subject.refuses(.create, ["data": [.message(row)]], .invalid, field: "data.\(column.name)")
      let change = subject.request(id, [column.name: [value]])
      try await subject.refuses(.update, change, .invalid, field: "data.\(column.name)")
    }
  }

  @Test("the catalog's invariants hold for every write", arguments: ContractTests.tables) func invariants(
    _ table: String
  )
    async throws
  {
    let subject = try await Subject.alone(table)
    let made = try await subject.create(1)
    let id = try #require(made.number("id"))
    let later = try await subject.maker.row(subject.resource, 500)
    for invariant in subject.resource.table.invariants {
      switch invariant {
      case .ordered(let columns):
        let early = try await subject.maker.row(subject.resource, 2).merging(later.only([columns[0]])) { $1 }
        try await subject.refuses(.create, ["data": [.message(early)]], .invalid)
        try await subject.refuses(.update, subject.request(id, later.only([columns[0]])), .invalid)
      case .flow(let column, let next):
        for (state, steps) in next {
          for other in next.keys where other != state {
            _ = try subject.bench.session.query(
              "UPDATE public.\(table) SET \(column) = '\(state)' WHERE id = \(id) RETURNING id")
            let change = subject.request(id, [column: [.text(other)]])
            if steps.contains(other) {
              #expect(try await subject.call(.update, change).message("data")?.text(column) == other)
            } else {
              try await subject.refuses(.update, change, .wrongState, field: "data.\(column)")
            }
          }
        }
      case .acyclic(let column):
        let own = subject.request(id, [column: [.number(id)]])
        try await subject.refuses(.update, own, .invalid, field: "data.\(column)")
      case .idsExist(let column, _):
        let row = later.merging([column: [.number(1_999_999_999)]]) { $1 }
        try await subject.refuses(.create, ["data": [.message(row)]], .missingReference, field: "data.\(column)")
        let change = subject.request(id, row.only([column]))
        try await subject.refuses(.update, change, .missingReference, field: "data.\(column)")
      // These are in `limits`, in `refusedCreates`, and in `RuleTests`.
      case .oneOf, .oneRowPer, .agrees: break
      }
    }
  }
}
