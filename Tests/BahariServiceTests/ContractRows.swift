import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres
import TestSupport
import Testing

@testable import BahariService

/// Makes valid rows of any table from the columns that PostgreSQL and the catalog describe.
final class RowMaker {
  private let bench: ServiceBench
  /// One row of each table that others have referred to so far. All rows share them, so that a vessel on a catch
  /// belongs to the group of the catch.
  private(set) var parents: [String: Fields] = [:]

  init(_ bench: ServiceBench) { self.bench = bench }

  /// The columns that a caller may give when a row is made.
  static func given(_ resource: Resource) -> [Column] {
    resource.columns.filter { !Mask.managed.contains($0.name) && !$0.live.isSerial && !$0.holdsIDs }
  }

  /// A row to create: another for each number from 1 on; 0 is the row that others refer to.
  func row(_ resource: Resource, _ number: Int) async throws -> Fields {
    var row: Fields = [:]
    for column in RowMaker.given(resource) {
      if let key = resource.live.foreignKey(of: column.name) {
        guard key.target != resource.table.name else { continue }
        let isShared = !resource.live.isUnique(column.name)
        let parent = isShared ? try await parent(key.target) : try await create(key.target, number + 1_000_000)
        row[column.name] = parent[key.targetColumns[0]]
      } else if let value = RowMaker.value(column, number, resource.table) {
        row[column.name] = [value]
      }
    }
    return row
  }

  func create(_ table: String, _ number: Int) async throws -> Fields {
    let row = try await row(try bench.resource(table), number)
    return try #require(try await bench.exchange(table, .create, ["data": [.message(row)]]).message("data"))
  }

  func parent(_ table: String) async throws -> Fields {
    if let known = parents[table] { return known }
    let made = try await create(table, 0)
    parents[table] = made
    return made
  }

  /// The expected value of a joined name.
  func joined(_ joined: Joined, of resource: Resource) throws -> [Item]? {
    var at = resource
    for column in joined.path { at = try bench.resource(try #require(at.live.foreignKey(of: column)?.target)) }
    return parents[at.table.name]?[joined.column]
  }

  // MARK: Values

  /// A value that the column takes, another for each number as far as it has so many.
  static func value(_ column: Column, _ number: Int, _ table: Table) -> Item? {
    let place = place(of: column.name, table)
    switch column.type {
    case .int4, .int8:
      let low = Int64(max(column.limits?.lowerBound ?? 1, 1))
      let high = column.limits.flatMap { $0.upperBound.isFinite ? Int64($0.upperBound) : nil } ?? 2_000_000_000
      return .number(low + Int64(number) % (high - low + 1))
    case .bool: return .number(number.isMultiple(of: 2) ? 1 : 0)
    case .float8: return .double(Double(number % 90) + 0.5)
    // With all its digits, since that is how PostgreSQL gives it back.
    case .numeric: return .text("\(number % 90)." + String(repeating: "5", count: column.live.precision?.scale ?? 1))
    case .date: return .text("\(2000 + number / 28 % 7000)-\(two(place + 1))-\(two(1 + number % 28))")
    case .timestamp:
      let seconds = 1_767_225_600 + Int64(number) * 86_400 + Int64(place) * 29_000
      return .message(["seconds": [.number(seconds)], "nanos": [.number(123_456_000)]])
    case .text, .varchar: return .text(text(column, number))
    case .xid: return nil
    }
  }

  private static func text(_ column: Column, _ number: Int) -> String {
    if let allowed = column.allowed { return allowed[number % allowed.count] }
    let ending = " é\(number)"
    return column.name.prefix((column.live.maximumLength ?? 100) - ending.count) + ending
  }

  /// The column's place among the columns that have an order.
  private static func place(of column: String, _ table: Table) -> Int {
    for case .ordered(let columns) in table.invariants {
      if let place = columns.firstIndex(of: column) { return place }
    }
    return 0
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

/// The contract's codes, as callers know them.
struct Refusal {
  let code: String
  let status: StatusCode

  static let missingField = Refusal(code: "4000002", status: .invalidArgument)
  static let missingReference = Refusal(code: "4000001", status: .failedPrecondition)
  static let invalid = Refusal(code: "4000001", status: .invalidArgument)
  static let malformed = Refusal(code: "4000000", status: .invalidArgument)
  static let notFound = Refusal(code: "4040001", status: .notFound)
  static let versionClash = Refusal(code: "4090000", status: .aborted)
  static let stillReferenced = Refusal(code: "4090000", status: .failedPrecondition)
  static let wrongState = Refusal(code: "4040000", status: .failedPrecondition)
  static let taken = Refusal(code: "4090001", status: .alreadyExists)
}
