import BahariPostgres

/// The statements of a table's lists in its own order, by what binds the rows: made once, and then found as the same
/// objects, so that no text is put together or compared on a call's way.
struct ListStatements {
  enum Part { case page, total }

  /// What the text of a statement follows from.
  struct Shape: Hashable {
    let part: Part
    /// Tells the table's selections apart.
    let outputs: Int
    /// " WHERE …", or nothing.
    let clause: String
  }

  private var known: [Shape: Statement] = [:]
  /// Shapes that are kept; then all are forgotten, and made again as they come.
  private static let capacity = 256

  /// The statement of `shape`, whose text is `sql` and whose parameters are of `types`; nil for one that is not kept.
  mutating func statement(_ shape: Shape?, _ types: [UInt32], _ sql: () -> String) -> Statement {
    guard let shape else { return Statement(sql(), types) }
    if let statement = known[shape] { return statement }
    if known.count >= ListStatements.capacity { known.removeAll(keepingCapacity: true) }
    let statement = Statement(sql(), types)
    known[shape] = statement
    return statement
  }
}
