import ArgumentParser
import BahariClient

/// The options for the connection to the daemon, which every command has.
struct ConnectionOptions: ParsableArguments {
  @Option(name: .long, help: "The daemon's socket. Default: BAHARI_SOCKET, else the default socket.")
  var socket: String?

  @Option(name: .long, help: "Seconds a call may take. Default: 30; import and export 600.")
  var timeout: Double?

  func validate() throws {
    if let timeout, !(timeout > 0 && timeout <= 3_600) {
      throw ValidationError("--timeout takes seconds from above 0 to 3600, not \(timeout)")
    }
  }

  func client(defaultTimeout: Double = 30) -> BahariClient {
    BahariClient(socketPath: socket, timeout: .seconds(timeout ?? defaultTimeout))
  }
}
