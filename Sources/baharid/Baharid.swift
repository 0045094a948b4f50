import ArgumentParser

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
}
