import ArgumentParser
import BahariClient

/// Which rows a command is about: `kapal 12 13`, `kapal/12 desa/7`, or `-` for lines of standard input.
struct RowArguments: ParsableArguments {
  @Argument(
    help: "The resource; or RESOURCE/ID; or - for lines such as kapal/12 from standard input.",
    completion: Completions.resources)
  var resource: String
  @Argument(help: "Ids of its rows, or more RESOURCE/ID; - for ids from standard input.") var ids: [String] = []

  struct Row {
    var target: Target
    var id: Int64
  }

  /// Rows of one resource that follow each other.
  struct Portion {
    var target: Target
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
  func single(_ session: Session) throws -> Row? {
    guard !isFromInput else { return nil }
    let rows = try words.map { try row($0, session) }
    return rows.count == 1 ? rows[0] : nil
  }

  /// All rows, in their order, some of one resource at a time.
  ///
  /// - Parameter count: how many rows a portion has at most.
  func portions(_ session: Session, of count: Int) -> RowPortions {
    RowPortions(arguments: self, session: session, count: count, lines: isFromInput ? InputLines() : nil)
  }

  /// What names rows on the command line.
  fileprivate var words: [String] { resource.contains("/") ? [resource] + ids : ids }

  /// - Parameter word: `kapal/12`, or the bare id of a row of the resource.
  fileprivate func row(_ word: String, _ session: Session) throws -> Row {
    let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let hasResource = resource != "-" && !resource.contains("/")
    let name = parts.count == 2 ? String(parts[0]) : hasResource ? resource : nil
    guard let name, let id = Int64(parts[parts.count - 1].trimmed) else {
      throw Failure(
        .invalidArgument,
        "\"\(word)\" names no row: write RESOURCE/ID, such as kapal/12\(hasResource ? ", or the id alone" : "")")
    }
    return Row(target: try session.target(name), id: id)
  }
}

/// The rows that a command is about, read as they are needed.
struct RowPortions {
  fileprivate let arguments: RowArguments
  fileprivate let session: Session
  fileprivate let count: Int
  fileprivate let lines: InputLines?
  private var place = 0
  /// Read, and of another resource than those before it.
  private var waiting: RowArguments.Row?

  fileprivate init(arguments: RowArguments, session: Session, count: Int, lines: InputLines?) {
    (self.arguments, self.session, self.count, self.lines) = (arguments, session, count, lines)
  }

  mutating func next() throws -> RowArguments.Portion? {
    guard let first = try row() else { return nil }
    var portion = RowArguments.Portion(target: first.target, ids: [first.id])
    while portion.ids.count < count, let more = try row() {
      guard more.target.info.name == first.target.info.name else {
        waiting = more
        break
      }
      portion.ids.append(more.id)
    }
    return portion
  }

  private mutating func row() throws -> RowArguments.Row? {
    if let row = waiting {
      waiting = nil
      return row
    }
    if let lines {
      while let line = try lines.next() {
        if !line.trimmed.isEmpty { return try arguments.row(line.trimmed, session) }
      }
      return nil
    }
    guard place < arguments.words.count else { return nil }
    place += 1
    return try arguments.row(arguments.words[place - 1], session)
  }
}

/// Standard input, line by line.
final class InputLines {
  private var rest: [UInt8] = []
  private var place = 0
  private var atEnd = false
  /// No name of a row is longer.
  private static let longest = 4_096

  func next() throws -> String? {
    while true {
      if let end = rest[place...].firstIndex(of: 0x0a) {
        defer { place = end + 1 }
        return String(decoding: rest[place..<end], as: UTF8.self)
      }
      rest.removeFirst(place)
      place = 0
      guard rest.count <= Self.longest else {
        throw Failure(.invalidArgument, "standard input has a line that is too long to name a row")
      }
      if atEnd {
        guard !rest.isEmpty else { return nil }
        defer { rest = [] }
        return String(decoding: rest, as: UTF8.self)
      }
      let input = try InputFile("-")
      let room = try [UInt8](unsafeUninitializedCapacity: Self.longest) { buffer, count in
        count = try input.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      atEnd = room.isEmpty
      rest += room
    }
  }
}
