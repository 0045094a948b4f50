import BahariPostgres

/// What the tables hold of a write.
enum OutcomeState: Equatable, Sendable {
  case nothing
  case everything
  /// Anything else, in words.
  case wrong(String)
}

/// The marks and ids in all tables at a moment at which nobody writes.
struct OutcomeTables: Sendable {
  /// The ids of the rows with each mark, by table.
  private var marks: [[String: [Int64]]] = []
  private var ids: [Set<Int64>] = []

  init(_ session: Session, _ schema: OutcomeSchema) throws {
    for table in schema.tables {
      var marks: [String: [Int64]] = [:]
      var ids: Set<Int64> = []
      // The text behind a mark may be as long as a frame.
      let columns = [table.mark, table.second].compactMap(\.self).map { "split_part(left(\"\($0)\", 40), ':', 1)" }
      let rows = try session.query(
        "SELECT id::bigint, \(columns.joined(separator: ", ")) FROM public.\(table.name)")
      for row in 0..<rows.count {
        guard let id = rows.int64(row, 0) else { continue }
        ids.insert(id)
        for column in columns.indices {
          if let mark = rows.string(row, column + 1), mark.hasPrefix("w") { marks[mark, default: []].append(id) }
        }
      }
      self.marks.append(marks)
      self.ids.append(ids)
    }
  }

  func state(of write: OutcomeWrite) -> OutcomeState {
    let id = OutcomeTable.id(write.numbers.lowerBound)
    if write.method == .delete {
      let isThere = ids[write.table].contains(id)
      return isThere ? .nothing : write.isDryRun ? .wrong("the row is gone after a dry run") : .everything
    }
    for mark in write.forbiddenMarks {
      if let rows = marks[write.table][mark] { return .wrong("\(mark) must never be there and is in rows \(rows)") }
    }
    let wanted = write.marks
    let found = wanted.map { marks[write.table][$0] ?? [] }
    if let twice = found.first(where: { $0.count > 1 }) { return .wrong("the rows \(twice) have the same mark") }
    let count = found.count { !$0.isEmpty }
    guard count > 0 else { return .nothing }
    guard count == wanted.count else { return .wrong("\(count) of \(wanted.count) rows are there") }
    if [.update, .checkOut].contains(write.method), found.first != [id] {
      return .wrong("row \(found) has the mark, and not row \(id)")
    }
    return .everything
  }
}
