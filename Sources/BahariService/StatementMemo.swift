import BahariPostgres

/// Everything that the texts of statements on a table depend on, beside the table itself. The same shape gives the same
/// texts, so it is the key under which they are kept.
///
/// To add a statement: a case whose value holds what its text depends on, and the text as a function of that value.
enum StatementShape: Hashable {
  case lookup(LookupShape)
  case list(ListShape)
  case write(WriteShape)
  /// Why an insert made no row: one condition per guard.
  case refusal(WriteShape)
  case delete(DeleteShape)
  case batch(BatchShape)
  case requestLog(RequestLogShape)

  /// In the order in which they are sent.
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

  /// Texts that hold a filter of hundreds of values are not worth their memory.
  var isKept: Bool {
    if case .list(let shape) = self { return shape.clause.utf8.count <= StatementMemo.longestClause }
    return true
  }
}

/// The statements of one table, by their shapes: put together once and then found as the same objects, so that no text
/// is built or compared during most calls.
struct StatementMemo {
  private let resource: Resource
  private var known: [StatementShape: [Statement]] = [:]
  /// Shapes that are kept; then all are dropped, and built again when they are next used.
  private static let capacity = 256
  /// Bytes of a WHERE clause that is kept.
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
