import Foundation
import Testing

/// The code in the clients' documents is that of programs and tests that are compiled and run.
@Suite struct SnippetTests {
  private static let package = URL(fileURLWithPath: #filePath).appending(path: "../../..").standardized

  private func lines(of path: String) throws -> [Substring] {
    try String(contentsOf: Self.package.appending(path: path), encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The code blocks of a language in a document.
  private func blocks(_ language: String, in document: [Substring]) -> [[Substring]] {
    var blocks: [[Substring]] = []
    var rest = document[...]
    while let start = rest.firstIndex(of: "```\(language)") {
      let end = rest[start...].dropFirst().firstIndex(of: "```") ?? rest.endIndex
      blocks.append(Array(rest[(start + 1)..<end]))
      rest = rest[end...].dropFirst()
    }
    return blocks
  }

  /// Whether the block is in the source, all of it indented alike.
  private func contains(_ block: [Substring], _ source: [Substring]) -> Bool {
    source.indices.contains { first -> Bool in
      let run = source[first...].prefix(block.count)
      let indent = source[first].prefix { $0 == " " || $0 == "\t" }
      return run.count == block.count
        && zip(run, block).allSatisfy { line, wanted in wanted.isEmpty ? line.isEmpty : line == indent + wanted }
    }
  }

  @Test(
    arguments: [
      ("Clients/BahariClient/BahariClient.docc/Calling-Bahari-from-Swift.md", "swift", "Tests/EndToEnd/Tutorial.swift"),
      ("Clients/README.md", "swift", "Tests/Outside/Sources/quickstart/main.swift"),
      ("Clients/README.md", "go", "Tests/Interop/quickstart/main.go"),
      ("Clients/README.md", "rust", "Tests/Interop/quickstart-rust/src/main.rs"),
    ])
  func documentsShowCodeThatRuns(_ document: String, _ language: String, _ source: String) throws {
    let blocks = blocks(language, in: try lines(of: document))
    #expect(!blocks.isEmpty)
    let source = try lines(of: source)
    for block in blocks {
      #expect(contains(block, source), "not in the source: \(block.joined(separator: "\n"))")
    }
  }
}
