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
    let hints = resource.relatedHints.map { ", (\($0.condition(row))) IS NOT FALSE" }.joined()
    let written = "WITH w (\(names.joined(separator: ", "))) AS (\(body))"
    guard let method else { return Statement("\(written) SELECT w.*\(hints) FROM w", types) }
    let values = names.map { "w.\($0)::text" }.joined(separator: ", ")
    let entry =
      "INSERT INTO bahari.request_log (uid, service, method, request_id, payload_hash, reply_row, reply) "
      + "SELECT \(key(resource, method, types.count + 1)), ARRAY[\(values)], $\(types.count + 4) FROM w"
    return Statement("\(written), l AS (\(entry)) SELECT w.*\(hints) FROM w", types + entryTypes)
  }

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
    /// Stores the reply in an entry that `add` has made; has the same parameters as `add`.
    case complete
    /// Reads an entry: the written row, whether the row passes each hint, whether the request's payload is the same,
    /// and the other bytes of the reply.
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
        "UPDATE bahari.request_log SET reply = $4 WHERE uid = $1 AND service = \(service) AND method = \(method) "
          + "AND request_id = $2 AND payload_hash = sha256($3)",
        RequestLog.entryTypes)
    case .find:
      return Statement(
        "SELECT \(outputs(resource)) FROM bahari.request_log AS l WHERE l.uid = $1 AND l.service = \(service) "
          + "AND l.method = \(method) AND l.request_id = $2",
        RequestLog.keyTypes)
    }
  }

  private func outputs(_ resource: Resource) -> String {
    let row = { (column: String) -> String in
      guard let place = resource.plain.outputs.firstIndex(where: { $0.name == column }) else { return "NULL" }
      let type = resource.live.column(column)?.typeName ?? "xid"
      return "(l.reply_row[\(place + 1)])::\(type)"
    }
    let hints = resource.relatedHints.map { "(\($0.condition(row))) IS NOT FALSE" }
    return (resource.plain.outputs.map { row($0.name) } + hints + ["l.payload_hash = sha256($3)", "l.reply"])
      .joined(separator: ", ")
  }
}
