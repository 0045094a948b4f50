import BahariCatalog
import BahariFrame

/// Returns SQL for the value of the column with this name: a parameter, or a column of a row.
typealias ColumnSQL = (String) -> String

/// An invariant that PostgreSQL checks inside the statement that writes the row.
struct Guard: Sendable {
  /// The guard is checked if a write sets one of these columns.
  let columns: [String]
  /// The column that the violation of the guard names.
  let field: String
  let error: ErrorClass
  let reason: String
  let description: String
  /// Whether the guard is also checked when a single row is inserted, not only when it is updated.
  let bindsNewRows: Bool
  /// Which writes have to run one after the other, because each has to see the rows of the others.
  let lock: Lock
  /// Whether the guard is also checked by an update that leaves the values of `columns` unchanged.
  var bindsUnchanged = false
  /// Whether the guard only needs to be checked if the write gives the row so much text that it may become too long.
  var isForLargeRows = false
  /// SQL that is true or NULL if the guard passes; built from the SQL of the row's new values and of its old values.
  let condition: @Sendable (_ new: ColumnSQL, _ old: ColumnSQL) -> String

  enum Lock {
    case none
    /// All writes to the table run one after the other.
    case table
    /// Writes of rows with the same values in the guard's columns run one after the other.
    case values
  }

  /// The guards of a table. The invariant `oneOf` needs no guard, because it is checked without PostgreSQL.
  static func all(_ parts: SchemaCheck.Parts, _ schema: LiveSchema) -> [Guard] {
    let invariants = parts.table.invariants.compactMap { invariant -> Guard? in
      switch invariant {
      case .oneOf: nil
      case .flow(let column, let next): flow(column, next)
      case .ordered(let columns): ordered(columns)
      case .agrees(let column, let shared): agrees(column, shared, parts.live)
      case .acyclic(let column): acyclic(column, parts)
      case .idsExist(let column, let tables): idsExist(column, tables)
      case .oneRowPer(let columns): oneRowPer(columns, parts)
      }
    }
    return invariants + [servable(parts.columns)].compactMap { $0 }
  }

  static func requiredNull(_ required: RequiredNull) -> Guard {
    Guard(
      columns: [required.column], field: required.column, error: .wrongState, reason: required.reason,
      description: required.description, bindsNewRows: false, lock: .none, bindsUnchanged: true
    ) { _, old in "\(old(required.column)) IS NULL" }
  }

  /// Refuses a row whose texts of unlimited length are together too long for a reply; nil for tables without such
  /// columns. New rows are checked before they are sent, since all their values are known.
  private static func servable(_ columns: [Column]) -> Guard? {
    let unlimited = columns.filter { [.text, .varchar].contains($0.type) && $0.live.maximumLength == nil }.map(\.name)
    guard let last = unlimited.last else { return nil }
    return Guard(
      columns: unlimited, field: last, error: .invalidValue, reason: "TOO_LONG",
      description: "is too long: \(unlimited.joined(separator: ", ")) may have \(CallLimits.rowBytes) bytes together",
      bindsNewRows: false, lock: .none, isForLargeRows: true
    ) { new, _ in
      unlimited.map { "coalesce(octet_length(\(new($0))), 0)::bigint" }.joined(separator: " + ")
        + " <= \(CallLimits.rowBytes)"
    }
  }

  private static func flow(_ column: String, _ next: [String: [String]]) -> Guard {
    let known = next.keys.sorted().map(SQL.literal).joined(separator: ", ")
    let steps = next.sorted { $0.key < $1.key }.flatMap { state in state.value.map { (state.key, $0) } }
    let pairs = steps.map { "(\(SQL.literal($0.0)), \(SQL.literal($0.1)))" }.joined(separator: ", ")
    let list = steps.map { "\($0.0) → \($0.1)" }.joined(separator: ", ")
    return Guard(
      columns: [column], field: column, error: .wrongState, reason: "WRONG_STATE",
      description: "cannot go there from where it is; the steps are \(list)", bindsNewRows: false, lock: .none
    ) { new, old in
      // A row may change to any state if its old state is not one of the known states.
      "(\(old(column)) NOT IN (\(known)) OR (\(old(column)), \(new(column))) IN (\(pairs)))"
    }
  }

  private static func ordered(_ columns: [String]) -> Guard {
    Guard(
      columns: columns, field: columns.last ?? "", error: .invalidValue, reason: "OUT_OF_ORDER",
      description: "must not be before \(columns.dropLast().joined(separator: ", "))", bindsNewRows: true,
      lock: .none
    ) { new, _ in
      zip(columns, columns.dropFirst()).map { "coalesce(\(new($0)) <= \(new($1)), true)" }.joined(separator: " AND ")
    }
  }

  private static func agrees(_ column: String, _ shared: String, _ live: LiveTable) -> Guard? {
    guard let key = live.foreignKey(of: column), let target = key.targetColumns.first else { return nil }
    // If `shared` refers to a row that does not exist, the guard passes, because the foreign key refuses the write.
    let sharedExists: @Sendable (ColumnSQL) -> String = { new in
      guard let other = live.foreignKey(of: shared), let id = other.targetColumns.first else { return "" }
      return " AND EXISTS (SELECT FROM \(SQL.table(other.target)) AS p WHERE p.\(SQL.quote(id)) = \(new(shared)))"
    }
    return Guard(
      columns: [column, shared], field: column, error: .invalidValue, reason: "BELONGS_ELSEWHERE",
      description: "belongs to another \(shared)", bindsNewRows: true, lock: .none
    ) { new, _ in
      "NOT EXISTS (SELECT FROM \(SQL.table(key.target)) AS o WHERE o.\(SQL.quote(target)) = \(new(column)) "
        + "AND o.\(SQL.quote(shared)) <> \(new(shared))\(sharedExists(new)))"
    }
  }

  private static func acyclic(_ column: String, _ parts: SchemaCheck.Parts) -> Guard {
    let (table, name, id) = (SQL.table(parts.table.name), SQL.quote(column), parts.key.quoted)
    return Guard(
      columns: [column], field: column, error: .invalidValue, reason: "OWN_ANCESTOR",
      description: "would make the row its own ancestor", bindsNewRows: false, lock: .table
    ) { new, _ in
      "NOT EXISTS (WITH RECURSIVE up (id) AS (SELECT \(new(column)) UNION SELECT o.\(name) FROM \(table) AS o "
        + "JOIN up ON o.\(id) = up.id) SELECT FROM up WHERE up.id = \(new("id")))"
    }
  }

  private static func idsExist(_ column: String, _ tables: [Int: String]) -> Guard {
    func exists(_ table: String) -> String {
      "EXISTS (SELECT FROM \(SQL.table(table)) AS o WHERE o.\"id\" = e.id::bigint)"
    }
    let test =
      tables[0].map(exists)
      ?? "CASE length(e.id) "
      + tables.sorted { $0.key < $1.key }.map { "WHEN \($0.key) THEN \(exists($0.value))" }.joined(separator: " ")
      + " ELSE false END"
    let names = tables.sorted { $0.key < $1.key }.map(\.value).joined(separator: " or ")
    return Guard(
      columns: [column], field: column, error: .missingReference, reason: "REFERENCE_NOT_FOUND",
      description: "holds an id that does not exist in \(names)", bindsNewRows: true, lock: .none
    ) { new, _ in
      "NOT EXISTS (SELECT FROM json_array_elements_text(\(new(column))::json) AS e (id) WHERE NOT \(test))"
    }
  }

  private static func oneRowPer(_ columns: [String], _ parts: SchemaCheck.Parts) -> Guard {
    let (table, id) = (SQL.table(parts.table.name), parts.key.quoted)
    return Guard(
      columns: columns, field: columns.first ?? "", error: .taken, reason: "TAKEN",
      description: "has a row for this \(columns.dropFirst().joined(separator: ", ")) already", bindsNewRows: true,
      lock: .values
    ) { new, _ in
      let same = columns.map { "o.\(SQL.quote($0)) = \(new($0))" }.joined(separator: " AND ")
      return "NOT EXISTS (SELECT FROM \(table) AS o WHERE \(same) AND o.\(id) IS DISTINCT FROM \(new("id")))"
    }
  }

  /// SQL that is true if the guard passes, also when the guard's condition is NULL.
  func passes(_ new: ColumnSQL, _ old: ColumnSQL) -> String { "(\(condition(new, old))) IS NOT FALSE" }

  /// The statement that takes the guard's advisory lock until the end of the transaction.
  func lockStatement(_ table: String, _ new: ColumnSQL) -> String {
    let values = lock == .values ? columns.map { ", \(new($0))" }.joined() : ""
    return "SELECT pg_advisory_xact_lock(hashtextextended(concat_ws('|', \(SQL.literal(table))\(values)), 0))"
  }

  func violation(_ path: String) -> FieldViolation { .wrong("\(path)\(field)", reason, description) }
}
