import ArgumentParser

/// Options of every command that writes rows.
struct WriteOptions: ParsableArguments {
  @Option(
    help: """
      Names the write: repeated with the same one it has no second effect. Several rows are NAME-1, NAME-2 and so on.
      """) var requestID: String?
  @Flag(help: "Check everything, write nothing.") var dryRun = false
  @Flag(name: .shortAndLong, help: "Say nothing of what went well.") var quiet = false
  @Option(name: .shortAndLong, help: RowFormat.help) var output = RowFormat.table
  @OptionGroup var connection: ConnectionOptions
}
