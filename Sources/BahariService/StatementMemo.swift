import BahariPostgres

/// Everything that the text of a table's statements depends on, besides the table. Equal shapes have equal texts, so
/// the shape is the key under which statements are kept.
///
/// To add a statement: add a case whose value holds everything that the text depends on, and a function that builds the
/// text from this value.
enum StatementShape: Hashable {
  case lookup(LookupShape)
  case list(ListShape)
  case write(WriteShape)
  /// The statement that finds out why an insert made no row. It returns one condition per guard.
  case refusal(WriteShape)
  case delete(DeleteShape)
  case batch(BatchShape)
  case requestLog(RequestLogShape)

  /// The statements of this shape, in the order in which they are sent.
  func statements(of resource: Resource) -> [Statement] {
    switch self {
    case .lookup(let shape): [shape.statement(of: resource)]
    case .list(let shape): [shape.statement(of: resource)]
    case .write(let shape): WriteSQL(resource, shape).statements
    case .refusal(let shape): [WriteSQL(resource, shape).refusal]
    case .delete(let shape): shape.statements(of: resource)
    case .batch(let shape): BatchSQL(resource, shape).statements
    case .requestLog(let shape): [shape.statement(of: resource)]
    }
  }

  /// Whether statements of this shape are kept. Those with a filter of hundreds of values are not: they need too much
  /// memory.
  var isKept: Bool {
    if case .list(let shape) = self { return shape.clause.utf8.count <= StatementMemo.longestClause }
    return true
  }
}

/// The statements of one table, kept by their shapes. Each is built once and then reused as the same object, so that
/// most calls neither build nor compare texts.
struct StatementMemo {
  private let resource: Resource
  private var known: [StatementShape: [Statement]] = [:]
  /// The largest number of shapes that are kept. Beyond it all are dropped, and built again when they are next used.
  private static let capacity = 256
  /// The largest WHERE clause, in bytes, of lists whose statements are kept.
  static let longestClause = 4_096

  init(_ resource: Resource) { self.resource = resource }

  mutating func statements(_ shape: StatementShape) -> [Statement] {
    if let statements = known[shape] { return statements }
    let statements = shape.statements(of: resource)
    guard shape.isKept else { return statements }
    if known.count >= StatementMemo.capacity { known.removeAll(keepingCapacity: true) }
    known[shape] = statements
    return statements
  }
}
