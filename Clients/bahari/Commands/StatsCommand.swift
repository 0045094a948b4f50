import ArgumentParser
import SwiftProtobuf

struct StatsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats", abstract: "Shows the daemon's counters and latencies since its start.",
    discussion: """
      Latencies are in microseconds, exact to within 1 %: calls from admission to reply; wait until the first \
      statement is sent to PostgreSQL; database, how long PostgreSQL had the statements. Works while PostgreSQL is \
      unreachable. Examples:
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
