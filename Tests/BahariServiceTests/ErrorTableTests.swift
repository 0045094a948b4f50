import BahariFrame
import Foundation
import Testing

@testable import BahariService

/// The table of errors: in the code, in Proto/README.md, and as the old service had it.
@Suite("Error table") struct ErrorTableTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..")

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: package.appendingPathComponent(path), encoding: .utf8)
  }

  /// The causes of an error as the document writes them: 08xxx for every code that begins with 08.
  private static func states(_ error: ErrorClass) -> String {
    let parts = ErrorMapping.table.flatMap { row -> [String] in
      let names = row.states.map { $0 + String(repeating: "x", count: 5 - $0.count) }
      if row.error == error { return row.onDelete == nil ? names : names.map { "\($0) on create and update" } }
      return row.onDelete == error ? names.map { "\($0) on delete" } : []
    }
    return error == ErrorMapping.others ? "any other" : parts.joined(separator: ", ")
  }

  /// Compares the table between `<!-- name -->` and `<!-- /name -->` in Proto/README.md, row by row.
  private func compare(_ name: String, _ expected: [String]) throws {
    let lines = try Self.text("Proto/README.md").split(separator: "\n", omittingEmptySubsequences: false)
    let begin = try #require(lines.firstIndex(of: "<!-- \(name) -->"))
    let end = try #require(lines.firstIndex(of: "<!-- /\(name) -->"))
    let found = lines[(begin + 1)..<end].map(String.init)
    for (found, expected) in zip(found, expected) { #expect(found == expected) }
    #expect(found.count == expected.count, "the table is:\n\(expected.joined(separator: "\n"))")
  }

  @Test("Proto/README.md has the tables of the code, row by row") func readme() throws {
    try compare(
      "errors",
      ["| case | responseCode | gRPC status | reason | SQLSTATE |", "|---|---|---|---|---|"]
        + ErrorClass.all.map { error in
          "| \(error.meaning) | \(error.responseCode) | \(error.status.name) | \(error.reason) | "
            + "\(Self.states(error)) |"
        })
    try compare(
      "reserved",
      ["| case | responseCode | gRPC status | why no call gets it |", "|---|---|---|---|"]
        + ErrorClass.reserved.map { "| \($0.meaning) | \($0.responseCode) | \($0.status.name) | \($0.reason) |" })
  }

  @Test("all errors are in the table, each by a reason of its own") func complete() throws {
    let source = try Self.text("Sources/BahariService/Errors/ErrorClass.swift")
    #expect(ErrorClass.all.count == source.components(separatedBy: "= ErrorClass(").count - 1)
    #expect(Set(ErrorClass.all.map(\.reason)).count == ErrorClass.all.count)
    #expect(ErrorClass.all.map(\.responseCode) == ErrorClass.all.map(\.responseCode).sorted())
    for row in ErrorMapping.table { #expect(ErrorClass.all.contains(row.error), "\(row.states)") }
  }

  /// Each case of the old service with its gRPC status, written out a second time.
  private static let facts: Set<String> = [
    "4000000 INVALID_ARGUMENT", "4000001 INVALID_ARGUMENT", "4000001 FAILED_PRECONDITION", "4000002 INVALID_ARGUMENT",
    "4010000 UNAUTHENTICATED", "4030001 PERMISSION_DENIED", "4030006 FAILED_PRECONDITION",
    "4040000 FAILED_PRECONDITION", "4040001 NOT_FOUND", "4040018 INVALID_ARGUMENT",
    "4050000 UNIMPLEMENTED", "4090000 ABORTED", "4090000 FAILED_PRECONDITION", "4090001 ALREADY_EXISTS",
    "4290000 RESOURCE_EXHAUSTED", "4290000 UNAVAILABLE", "5000000 CANCELLED", "5000001 INTERNAL",
    "5000002 UNAVAILABLE", "5000002 RESOURCE_EXHAUSTED", "5040000 DEADLINE_EXCEEDED",
  ]
  @Test("each case of the old service is there or reserved, and no other") func cases() {
    let found = Set(ErrorClass.all.map { "\($0.responseCode) \($0.status.name)" })
    let reserved = Set(ErrorClass.reserved.map { "\($0.responseCode) \($0.status.name)" })
    #expect(found.union(reserved) == Self.facts)
    // A code that calls get is not reserved any more.
    #expect(Set(ErrorClass.all.map(\.responseCode)).isDisjoint(with: ErrorClass.reserved.map(\.responseCode)))
  }

  @Test("no two rows explain the same SQLSTATE") func states() {
    let states = ErrorMapping.table.flatMap(\.states)
    for (place, state) in states.enumerated() {
      #expect(!states.enumerated().contains { $0 != place && $1.hasPrefix(state) }, "\(state)")
    }
  }
}
