import BahariPostgres

/// The table bahari.request_log: which requests have been answered, and with which reply.
///
/// The log entry of a request is written in the same transaction as the request's effect, so that neither exists
/// without the other. The entry keeps the values of the written row, and the bytes of the reply that do not come from
/// the row; the first reply can be made again from both. Entries are kept for a day at least.
enum RequestLog {
  fileprivate static let bytea: UInt32 = 17
  fileprivate static let keyTypes = [PostgresType.int8.rawValue, PostgresType.text.rawValue, bytea]
  fileprivate static let entryTypes = keyTypes + [bytea]
  /// The constraint that refuses the log entry of a repeated request.
  static let constraint = "request_log_pkey"

  static let deleteOld = Bound(
    Statement("DELETE FROM bahari.request_log WHERE created_at < now() - interval '24 hours'"))

  /// Completes a statement that writes a row: it also returns the row and whether the row passes each hint that
  /// PostgreSQL checks, and adds the request's log entry unless `method` is nil. The entry's parameters follow those of
  /// `types`.
  static func returning(_ text: String, _ types: [UInt32], _ resource: Resource, _ method: String?) -> Statement {
    let body = "\(text) RETURNING \(resource.plain.list)"
    guard method != nil || !resource.relatedHints.isEmpty else { return Statement(body, types) }
    let names = resource.plain.outputs.indices.map { "c\($0)" }
    let row = { (column: String) -> String in
      resource.plain.outputs.firstIndex { $0.name == column }.map { "w.c\($0)" } ?? "NULL"
    }
    let hints = resource.relatedHints.enumerated().map { ", (\($1.condition(row))) IS NOT FALSE AS h\($0)" }.joined()
    let written = "WITH w (\(names.joined(separator: ", "))) AS (\(body))"
    guard let method else { return Statement("\(written) SELECT w.*\(hints) FROM w", types) }
    let values = (names + resource.relatedHints.indices.map { "h\($0)" }).map { "r.\($0)::text" }
    let entry =
      "INSERT INTO bahari.request_log "
      + "(uid, service, method, request_id, payload_hash, reply_columns, reply_row, reply) "
      + "SELECT \(key(resource, method, types.count + 1)), \(replyColumns(resource)), "
      + "ARRAY[\(values.joined(separator: ", "))], $\(types.count + 4) FROM r"
    return Statement(
      "\(written), r AS (SELECT w.*\(hints) FROM w), l AS (\(entry)) SELECT r.* FROM r", types + entryTypes)
  }

  /// SQL for the names of the values that an entry keeps of the reply: the row's columns, then the hints.
  fileprivate static func replyColumns(_ resource: Resource) -> String {
    let names = resource.plain.outputs.map(\.name) + resource.relatedHints.map(replyColumn)
    return "ARRAY[\(names.map(SQL.literal).joined(separator: ", "))]"
  }

  /// The name under which an entry keeps whether the row passed a hint. No column has such a name.
  fileprivate static func replyColumn(_ hint: RelatedHint) -> String { "hint \(hint.remark.field)" }

  /// SQL for the values of a log entry that come from the request; `first` is the number of their first parameter.
  fileprivate static func key(_ resource: Resource, _ method: String, _ first: Int) -> String {
    "$\(first), \(SQL.literal(resource.table.service)), \(SQL.literal(method)), $\(first + 1), sha256($\(first + 2))"
  }
}

/// A statement that only reads or writes the request log: the lookup of a repeated request, and the entry of a batch. A
/// write of one row needs none, since the statement that writes the row makes the entry, too.
struct RequestLogShape: Hashable {
  enum Action: Hashable {
    /// Adds the entry of a request whose reply is not known yet.
    case add
    /// Stores the reply in an entry that the same transaction has added. Its parameters are the user, the request id and
    /// the reply; the payload, which may be large, is not sent again.
    case complete
    /// Reads an entry: the written row, whether the row passed each hint, whether the request's payload is the same,
    /// the other bytes of the reply, and whether the row can be read, which is unknown for entries that an earlier
    /// version of the schema made for a table with other columns.
    case find
  }

  let action: Action
  let method: String

  func statement(of resource: Resource) -> Statement {
    let (service, method) = (SQL.literal(resource.table.service), SQL.literal(method))
    switch action {
    case .add:
      return Statement(
        "INSERT INTO bahari.request_log (uid, service, method, request_id, payload_hash, reply) "
          + "SELECT \(RequestLog.key(resource, self.method, 1)), $4",
        RequestLog.entryTypes)
    case .complete:
      return Statement(
        "UPDATE bahari.request_log SET reply = $3 WHERE uid = $1 AND service = \(service) AND method = \(method) "
          + "AND request_id = $2",
        RequestLog.keyTypes)
    case .find:
      return Statement(
        "SELECT \(outputs(resource)) FROM bahari.request_log AS l, \(names(resource)) WHERE l.uid = $1 "
          + "AND l.service = \(service) AND l.method = \(method) AND l.request_id = $2",
        RequestLog.keyTypes)
    }
  }

  private func outputs(_ resource: Resource) -> String {
    let value = { (name: String) in "l.reply_row[array_position(n.names, \(SQL.literal(name)))]" }
    let row = resource.plain.outputs.map { output in
      "(\(value(output.name)))::\(resource.live.column(output.name)?.typeName ?? "xid")"
    }
    let hints = resource.relatedHints.map { "(\(value(RequestLog.replyColumn($0))))::boolean" }
    let others = ["l.payload_hash = sha256($3)", "l.reply", "l.reply_row IS NULL OR n.names IS NOT NULL"]
    return (row + hints + others).joined(separator: ", ")
  }

  /// A FROM item with the names of the values in an entry's row. Entries of schema versions before 5 have none: they
  /// hold the row's columns in the order of today if there are as many; else the names are NULL.
  private func names(_ resource: Resource) -> String {
    "LATERAL (SELECT CASE WHEN l.reply_columns IS NOT NULL THEN l.reply_columns "
      + "WHEN cardinality(l.reply_row) = \(resource.plain.outputs.count) "
      + "THEN \(RequestLog.replyColumns(resource)) END AS names) AS n"
  }
}
