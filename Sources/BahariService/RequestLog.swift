import BahariCall
import BahariFrame
import BahariMessage
import BahariPostgres

/// A write that its caller can repeat without a second effect: by its user, method and request id.
///
/// The note of a request is made in the transaction of its effect, so there is one if and only if there is the other.
/// It keeps the row that was written, value by value, and the bytes of the reply that no row tells; both together
/// make the first reply again.
struct RequestKey {
  let uid: UInt32
  let id: String
  let payload: [UInt8]

  /// Nil where the caller gave no id.
  init?(_ request: Message, _ payload: UnsafeRawBufferPointer, _ peer: Peer) throws(Status) {
    guard let field = request.descriptor.field("request_id"), let id = request.string(field) else { return nil }
    guard (1...ServiceLimits.requestIDCharacters).contains(id.count) else {
      throw .malformed(
        "has \(id.count) characters and must have 1 to \(ServiceLimits.requestIDCharacters)", field: "request_id")
    }
    (uid, self.id, self.payload) = (peer.uid, id, Array(payload))
  }

  /// The parameters of `RequestLog.note`.
  func add(to parameters: inout Parameters, tail: [UInt8]) {
    add(to: &parameters)
    parameters.add(bytes: tail)
  }

  /// The parameters of `RequestLog.find`.
  func add(to parameters: inout Parameters) {
    parameters.add(Int64(uid))
    parameters.add(text: id)
    parameters.add(bytes: payload)
  }
}

/// The statements on bahari.request_log. Notes are kept for a day at least.
enum RequestLog {
  private static let bytea: UInt32 = 17
  private static let keyTypes = [PostgresType.int8.rawValue, PostgresType.text.rawValue, bytea]
  static let types = keyTypes + [bytea]
  /// The constraint that a repeated request meets.
  static let constraint = "request_log_pkey"

  private static func values(_ resource: Resource, _ method: String, _ first: Int) -> String {
    "$\(first), \(SQL.literal(resource.table.service)), \(SQL.literal(method)), $\(first + 1), sha256($\(first + 2))"
  }

  /// Notes a request beside the row `w` that it wrote.
  static func note(_ resource: Resource, _ method: String, _ row: [String], firstParameter: Int) -> String {
    "INSERT INTO bahari.request_log (uid, service, method, request_id, payload_hash, reply_row, reply) "
      + "SELECT \(values(resource, method, firstParameter)), ARRAY[\(row.joined(separator: ", "))], "
      + "$\(firstParameter + 3) FROM w"
  }

  /// Notes a request whose whole reply comes as bytes.
  static func note(_ resource: Resource, _ method: String) -> Statement {
    Statement(
      "INSERT INTO bahari.request_log (uid, service, method, request_id, payload_hash, reply) "
        + "SELECT \(values(resource, method, 1)), $4",
      types)
  }

  /// Puts the reply to a note that was made before it was known; the same parameters.
  static func complete(_ resource: Resource, _ method: String) -> Statement {
    Statement(
      "UPDATE bahari.request_log SET reply = $4 WHERE uid = $1 AND service = \(SQL.literal(resource.table.service)) "
        + "AND method = \(SQL.literal(method)) AND request_id = $2 AND payload_hash = sha256($3)",
      types)
  }

  /// A request's note: the row that was written, each hint's word, whether the payload is the same, the bytes.
  static func find(_ resource: Resource, _ method: String) -> Statement {
    let row = { (column: String) -> String in
      guard let place = resource.plain.outputs.firstIndex(where: { $0.name == column }) else { return "NULL" }
      let type = resource.live.column(column)?.typeName ?? "xid"
      return "(l.reply_row[\(place + 1)])::\(type)"
    }
    let hints = resource.relatedHints.map { "(\($0.condition(row))) IS NOT FALSE" }
    let outputs = resource.plain.outputs.map { row($0.name) } + hints + ["l.payload_hash = sha256($3)", "l.reply"]
    return Statement(
      "SELECT \(outputs.joined(separator: ", ")) FROM bahari.request_log AS l WHERE l.uid = $1 "
        + "AND l.service = \(SQL.literal(resource.table.service)) AND l.method = \(SQL.literal(method)) "
        + "AND l.request_id = $2",
      keyTypes)
  }

  /// Forgets what is older than a day.
  static let forget = Bound(
    Statement("DELETE FROM bahari.request_log WHERE created_at < now() - interval '24 hours'"))
}

extension Parameters {
  fileprivate mutating func add(bytes: [UInt8]) { bytes.withUnsafeBytes { add(binary: $0) } }
}
