import ArgumentParser

/// Options of all commands that write rows.
struct WriteOptions: ParsableArguments {
  @Option(
    help: """
      Names the write, 1 to 128 characters: repeated with the same name, it has no second effect. The writes of several \
      rows are NAME-1, NAME-2 and so on.
      """) var requestID: String?
  @Flag(help: "Check everything and write nothing.") var dryRun = false
  @Flag(name: .shortAndLong, help: "Print nothing about what succeeded.") var quiet = false
  @Option(name: .shortAndLong, help: RowFormat.help) var output = RowFormat.table
  @OptionGroup var connection: ConnectionOptions
}
