import ArgumentParser
import Glibc

@main
struct Baharid: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baharid",
    abstract: "Serves fisheries-management data in PostgreSQL by RPC over a Unix socket.",
    discussion: """
      Without --database it keeps a PostgreSQL of its own.

        baharid serve
        baharid demo
        baharid serve --database 'host=/run/postgresql dbname=perikanan' --socket /run/bahari/bahari.sock
      """,
    version: version,
    subcommands: [Serve.self, Demo.self, Migrate.self])

  static let version = "0.1.0"

  /// libpq sends these variables to PostgreSQL as the session's settings, which would override those that the daemon
  /// needs. They are removed before there is a second thread.
  static func main() async {
    for name in ["PGTZ", "PGDATESTYLE"] { unsetenv(name) }
    await main(nil)
  }
}
