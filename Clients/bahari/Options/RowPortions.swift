/// Reads the rows that arguments or standard input name, one portion at a time.
struct RowPortions {
  private let arguments: RowArguments
  private let daemon: DescribedDaemon
  private let count: Int
  private let lines: InputLines?
  private var place = 0
  /// A row that is already read and begins the next portion, because it is of another resource.
  private var waiting: RowArguments.Row?

  init(arguments: RowArguments, daemon: DescribedDaemon, count: Int, lines: InputLines?) {
    (self.arguments, self.daemon, self.count, self.lines) = (arguments, daemon, count, lines)
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
        if !line.trimmed.isEmpty { return try arguments.row(line.trimmed, daemon) }
      }
      return nil
    }
    guard place < arguments.words.count else { return nil }
    place += 1
    return try arguments.row(arguments.words[place - 1], daemon)
  }
}
