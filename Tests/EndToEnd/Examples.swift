import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// Every example of the help and of the documents is run as printed, and its output is compared with `Golden`. A new
  /// example needs no test of its own, only the rows or files that it names in `Fishery`, and its lines in `Golden`.
  @Suite(.startsDaemons) struct Examples {
    private struct Example {
      var line: String
      /// The document shows it with an error below it.
      var fails = false
    }

    /// Placeholders of the documents and their values, and options that fix a date which is otherwise today's.
    private static let placeholders = [
      "[SERVICE]": "",
      "TOKEN": "$(bahari list absensi --limit 1 -o json | grep -o '\"nextPageToken\":\"[^\"]*' | cut -d'\"' -f4)",
      "VERSION": "$(bahari get desa 1101012099 -o json | grep -o '\"version\":\"[^\"]*' | cut -d'\"' -f4)",
      "12 --profile": "12 --profile --date 2026-03-31",
    ]

    /// Examples that end with another code than 0, all else being well: nothing was interrupted here.
    private static let exits: [String: Int32] = ["bahari import desa desa.csv --resume": 66]

    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../..").standardizedFileURL

    @Test("Examples of --help") func help() async throws {
      let workshop = try await Workshop(database: "examples_help")
      let dump = try await workshop.daemon.run("\(Place.programs)/bahari", ["--experimental-dump-help"]).json
      let root = try #require(dump["command"] as? [String: Any])
      let verbs = try #require(root["subcommands"] as? [[String: Any]])
      var count = 0
      var names: Set<String> = []
      for command in [root] + verbs {
        let name = try #require(command["commandName"] as? String)
        guard name != "help" else { continue }
        let found = Self.indented(try #require(command["discussion"] as? String, "\(name) has no discussion"))
        #expect(!found.isEmpty, "\(name) shows no example")
        try await run(found.map { Example(line: $0) }, as: "help-\(name)", in: workshop)
        names.insert("help-\(name).txt")
        count += found.count
      }
      #expect(count > 60)
      let golden = try FileManager.default.contentsOfDirectory(
        atPath: Self.package.appendingPathComponent("Tests/EndToEnd/Golden").path)
      #expect(Set(golden.filter { $0.hasPrefix("help-") }) == names, "a verb that is gone leaves no transcript")
      #expect(try await workshop.daemon.stop() == 0)
    }

    @Test("Examples of the documents", arguments: ["README.md", "Clients/bahari/README.md"])
    func documents(_ name: String) async throws {
      let workshop = try await Workshop(database: "examples_documents")
      let text = try String(contentsOf: Self.package.appendingPathComponent(name), encoding: .utf8)
      let examples = Self.fenced(text)
      #expect(examples.count > 5)
      try await run(examples, as: name.replacing(".md", with: "").replacing("/", with: "-"), in: workshop)
      #expect(try await workshop.daemon.stop() == 0)
    }

    @Test("The console of the README, on the demo that it describes: the same output") func console() async throws {
      let demo = try await FilledDemo.copy("demo_console").start()
      try await demo.ready()
      let text = try String(contentsOf: Self.package.appendingPathComponent("README.md"), encoding: .utf8)
      let block = try #require(text.components(separatedBy: "```console\n").dropFirst().first)
      let shown = try #require(block.components(separatedBy: "```").first).components(separatedBy: "\n$ bahari ")
      #expect(shown.count > 5)
      for example in shown.dropFirst() {
        let parts = example.split(separator: "\n", maxSplits: 1).map(String.init)
        let ran = try await demo.shell("bahari \(parts[0])")
        #expect(Self.stable(ran.output + ran.error) == Self.stable(parts[1]), "bahari \(parts[0])")
      }
      #expect(try await demo.stop() == 0)
    }

    /// Without values that differ between databases, and without lines that are printed only to a terminal.
    private static func stable(_ answer: String) -> [String] {
      Transcript.steady(answer).split(separator: "\n").map(String.init).filter { !$0.hasPrefix("next: ") }
    }

    /// Runs the examples and compares their output with the golden transcript of that name.
    private func run(_ examples: [Example], as name: String, in workshop: Workshop) async throws {
      var transcript = Transcript()
      for example in examples {
        var line = Self.placeholders.reduce(example.line) { $0.replacing($1.key, with: $1.value) }
        // A second is enough to see that it runs.
        if line.hasPrefix("bahari bench"), !line.contains(" compare ") { line += " --duration 1" }
        let ran = try await workshop.run(line)
        let shown = "\(name): \(example.line): \(ran.exit) \(ran.output) \(ran.error)"
        if example.fails {
          #expect(ran.exit != 0 && ran.error.hasPrefix("error: "), "\(shown)")
        } else {
          #expect(ran.exit == Self.exits[example.line] ?? 0, "\(shown)")
        }
        transcript.add(example.line, ran)
      }
      try transcript.compare(name, Self.package)
    }

    /// Lines of a discussion that are set off and call the CLI.
    private static func indented(_ text: String) -> [String] {
      text.split(separator: "\n").filter { $0.hasPrefix("  ") && $0.contains("bahari ") }.map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }

    /// Lines of code blocks that call the CLI, without the prompt and without the remark behind two spaces.
    private static func fenced(_ text: String) -> [Example] {
      var examples: [Example] = []
      var isInside = false
      for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
        if line.hasPrefix("```") { isInside.toggle() }
        guard isInside else { continue }
        if line.hasPrefix("error:"), !examples.isEmpty { examples[examples.count - 1].fails = true }
        let command = line.hasPrefix("$ ") ? line.dropFirst(2) : line
        guard command.hasPrefix("bahari ") else { continue }
        let end = command.range(of: "  ")?.lowerBound ?? command.endIndex
        examples.append(Example(line: String(command[..<end])))
      }
      return examples
    }
  }
}
