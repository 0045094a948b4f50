import ArgumentParser
import SwiftProtobuf

struct StatsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Shows what the daemon has done since it started, and how fast.",
    discussion: """
      Times are in microseconds, exact to within 1 %: of whole calls, from the admission until the answer; of \
      their wait until the first statement is sent to PostgreSQL; and of how long PostgreSQL had their \
      statements. Works while PostgreSQL is away, too. Examples:
        bahari stats
        bahari stats -o json
      """)

  @Option(name: .shortAndLong, help: "table or json.") var output = PlainFormat.table
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let reply = try await connection.client(defaultTimeout: 5).stats()
    var out = Output()
    switch output {
    case .table: StatsText(stats: reply.data, screen: .output.uncut).write(to: &out)
    case .json:
      var options = JSONEncodingOptions()
      options.alwaysPrintInt64sAsNumbers = true
      out.line(try reply.jsonString(options: options))
    }
    try out.flush()
  }
}
