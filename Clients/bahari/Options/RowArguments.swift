import ArgumentParser

/// Arguments that name rows: `kapal 12 13`, `kapal/12 desa/7`, or `-` for lines of standard input.
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

  /// Consecutive rows of one resource.
  struct Portion {
    var target: DescribedResource
    var ids: [Int64]
  }

  /// Whether the arguments name rows; false if they name only a resource.
  var namesRows: Bool { !ids.isEmpty || resource == "-" || resource.contains("/") }

  var isFromInput: Bool { resource == "-" || ids == ["-"] }

  func validate() throws {
    if resource == "-", !ids.isEmpty {
      throw ValidationError("with -, standard input names all rows; leave out further arguments")
    }
    if ids.count > 1, ids.contains("-") {
      throw ValidationError("- cannot be combined with ids: standard input names all rows")
    }
  }

  /// Returns the row if the arguments name exactly one; otherwise nil.
  func single(_ daemon: DescribedDaemon) throws -> Row? {
    guard !isFromInput else { return nil }
    let rows = try words.map { try row($0, daemon) }
    return rows.count == 1 ? rows[0] : nil
  }

  /// Returns all rows that are named, in order, in portions of rows of the same resource.
  ///
  /// - Parameter count: the most rows in a portion.
  func portions(_ daemon: DescribedDaemon, of count: Int) -> RowPortions {
    RowPortions(arguments: self, daemon: daemon, count: count, lines: isFromInput ? InputLines() : nil)
  }

  /// The arguments that name rows.
  var words: [String] { resource.contains("/") ? [resource] + ids : ids }

  /// - Parameter word: a word such as `kapal/12`, or an id alone if `resource` names the resource.
  func row(_ word: String, _ daemon: DescribedDaemon) throws -> Row {
    let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let hasResource = resource != "-" && !resource.contains("/")
    let name = parts.count == 2 ? String(parts[0]) : hasResource ? resource : nil
    guard let name, let id = Int64(parts[parts.count - 1].trimmed) else {
      throw Failure(
        .invalidArgument,
        "\"\(word)\" is not of the form RESOURCE/ID, such as kapal/12\(hasResource ? ", or the id alone" : "")")
    }
    return Row(target: try daemon.target(name), id: id)
  }
}
