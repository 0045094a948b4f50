import Foundation
import Testing

/// The recipes of Sources/README.md name all places: what is generic names no table, no method and no rule.
@Suite("Recipes") struct RecipeTests {
  private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

  /// Swift and .proto files below `folders` that `pattern` occurs in, generated code and invented data left out.
  private func files(_ folders: [String], naming pattern: Regex<Substring>) throws -> Set<String> {
    var found: Set<String> = []
    for folder in folders {
      let base = Self.root.appending(path: folder)
      let listed = try #require(FileManager.default.enumerator(atPath: base.path))
      for case let path as String in listed {
        guard path.hasSuffix(".swift") || path.hasSuffix(".proto"), !path.lowercased().contains("generated"),
          !"\(folder)/\(path)".hasPrefix("Sources/BahariDemo/")
        else { continue }
        let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
        if text.contains(pattern) { found.insert("\(folder)/\(path)") }
      }
    }
    return found
  }

  @Test("a table is named by its messages, its literal, its schema version and its line in the client")
  func table() throws {
    // Version 3 has the additions beyond the design for the tables of before, and phases of the migration those that the
    // old service lacked; a table that is added today needs neither.
    let history: Set = [
      "Sources/BahariMigration/Plan/PhaseStatements.swift", "Sources/BahariMigration/Schema/Version3.swift",
    ]
    let named = try files(["Sources", "Clients", "Proto"], naming: /mst_alat_tangkap|\bAlatTangkap|\balatTangkap\b/)
    #expect(
      named.subtracting(history).subtracting(["Sources/BahariMigration/Schema/Version2Transaksi.swift"]) == [
        "Proto/bahari/v1/referensi.proto", "Sources/BahariCatalog/Tables/Referensi.swift",
        "Sources/BahariCatalog/Catalog.swift", "Sources/BahariMigration/Schema/Version2Referensi.swift",
        "Clients/BahariClient/Resources.swift",
      ])
  }

  @Test("a method is named by its messages, its class with the literal, and the list of literals")
  func method() throws {
    let named = try files(["Sources", "Proto"], naming: /\bCheckOut\b|\bcheckOut\b/)
    #expect(
      named == [
        "Proto/bahari/v1/absensi.proto", "Sources/BahariService/Writing/Attendance/CheckOut.swift",
        "Sources/BahariService/Calls/Method.swift",
      ])
  }

  @Test("a kind of rule is its case, its SQL and its sentence, and then a line in a literal") func rule() throws {
    let named = try files(["Sources"], naming: /\boneRowPer\b/)
    #expect(
      named == [
        "Sources/BahariCatalog/Invariant.swift", "Sources/BahariService/Writing/Guard.swift",
        "Sources/BahariService/Describing/CatalogText.swift", "Sources/BahariCatalog/Tables/Transaksi.swift",
      ])
  }
}
