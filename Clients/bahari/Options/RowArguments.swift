import ArgumentParser

/// Which rows a command is about: `kapal 12 13`, `kapal/12 desa/7`, or `-` for lines of standard input.
struct RowArguments: ParsableArguments {
  @Argument(
    help: "The resource; or RESOURCE/ID; or - for lines such as kapal/12 from standard input.",
    completion: Completions.resources)
  var resource: String
  @Argument(help: "Ids of its rows, or more RESOURCE/ID; - for ids from standard input.") var ids: [String] = []

  struct Row {
    var target: DescribedResource
    var id: Int64
  }

  /// Rows of one resource that follow each other.
  struct Portion {
    var target: DescribedResource
    var ids: [Int64]
  }

  /// Whether there is more than the name of a resource.
  var namesRows: Bool { !ids.isEmpty || resource == "-" || resource.contains("/") }

  var isFromInput: Bool { resource == "-" || ids == ["-"] }

  func validate() throws {
    if resource == "-", !ids.isEmpty { throw ValidationError("with -, all rows are named on standard input") }
    if ids.count > 1, ids.contains("-") { throw ValidationError("- stands alone: all ids come from standard input") }
  }

  /// The row, where the command names exactly one itself.
  func single(_ daemon: DescribedDaemon) throws -> Row? {
    guard !isFromInput else { return nil }
    let rows = try words.map { try row($0, daemon) }
    return rows.count == 1 ? rows[0] : nil
  }

  /// All rows, in their order, some of one resource at a time.
  ///
  /// - Parameter count: how many rows a portion has at most.
  func portions(_ daemon: DescribedDaemon, of count: Int) -> RowPortions {
    RowPortions(arguments: self, daemon: daemon, count: count, lines: isFromInput ? InputLines() : nil)
  }

  /// What names rows on the command line.
  fileprivate var words: [String] { resource.contains("/") ? [resource] + ids : ids }

  /// - Parameter word: `kapal/12`, or the bare id of a row of the resource.
  fileprivate func row(_ word: String, _ daemon: DescribedDaemon) throws -> Row {
    let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let hasResource = resource != "-" && !resource.contains("/")
    let name = parts.count == 2 ? String(parts[0]) : hasResource ? resource : nil
    guard let name, let id = Int64(parts[parts.count - 1].trimmed) else {
      throw Failure(
        .invalidArgument,
        "\"\(word)\" names no row: write RESOURCE/ID, such as kapal/12\(hasResource ? ", or the id alone" : "")")
    }
    return Row(target: try daemon.target(name), id: id)
  }
}
