import ArgumentParser

struct HealthCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "health", abstract: "Checks whether the daemon, or one of its services, can serve calls.",
    discussion: """
      Prints SERVING or NOT_SERVING; the exit code is 0 only for SERVING. Where PostgreSQL may lose acknowledged writes, \
      the reasons follow as warnings on standard error. Examples:
        bahari health
        bahari health bahari.v1.DesaService
      """)

  @Argument(help: "A service's full name; the daemon as a whole if left out.") var service = ""
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let reply = try await connection.client(defaultTimeout: 5).healthReply(service: service)
    let status = reply.status
    var output = Output()
    switch status {
    case .serving: output.line("SERVING")
    case .notServing: output.line("NOT_SERVING")
    case .serviceUnknown: output.line("SERVICE_UNKNOWN")
    case .unknown: output.line("UNKNOWN")
    }
    try output.flush()
    for detail in reply.details { StandardError.write("warning: \(detail.message)\n") }
    if status != .serving { throw ExitCode(ExitStatus.unavailable.rawValue) }
  }
}
