import CPostgres
import Glibc

/// A connection whose functions block until the server has answered: for work before the daemon serves calls
/// (migrations, reading the schema) and for tools. Never used on a shard.
///
/// A session is not thread-safe; it belongs to the thread that uses it.
package final class Session {
  private let raw: OpaquePointer
  /// The pinned settings that this session asked for.
  package let pinned: [String: String]

  /// Connects within the conninfo's connect_timeout, or else within that of `options`.
  package init(_ options: ConnectionOptions) throws(ConnectError) {
    guard let raw = options.withKeywords({ PQconnectdbParams($0, $1, 1) }) else { throw ConnectError("out of memory") }
    guard PQstatus(raw) == CONNECTION_OK else {
      defer { PQfinish(raw) }
      throw ConnectError(String(cString: PQerrorMessage(raw)))
    }
    if let error = options.check(raw) {
      PQfinish(raw)
      throw error
    }
    PQsetNoticeReceiver(raw, { _, _ in }, nil)
    self.raw = raw
    pinned = options.pinned
  }

  deinit { PQfinish(raw) }

  /// The server's version as PostgreSQL numbers it: 150018 is 15.18.
  package var serverVersion: Int { Int(PQserverVersion(raw)) }

  package func setting(_ name: String) -> String? { PQparameterStatus(raw, name).map { String(cString: $0) } }

  /// Runs one statement with text parameters; the rows come in binary format.
  @discardableResult
  package func query(_ sql: String, _ values: [String?] = []) throws(PostgresError) -> Rows {
    var parameters = Parameters()
    for value in values {
      if let value { parameters.add(text: value) } else { parameters.addNull() }
    }
    return try query(sql, parameters)
  }

  /// Runs one statement; the rows come in binary format.
  @discardableResult
  package func query(_ sql: String, _ parameters: Parameters) throws(PostgresError) -> Rows {
    let result = parameters.withPointers { PQexecParams(raw, sql, $0, nil, $1, $2, $3, 1) }
    return try rows(result)
  }

  /// The columns that a statement returns. PostgreSQL parses it and does not run it.
  package func describe(_ statement: Statement) throws(PostgresError) -> [(name: String, type: UInt32)] {
    let prepared = statement.parameterTypes.withUnsafeBufferPointer {
      PQprepare(raw, "", statement.sql, Int32($0.count), $0.baseAddress)
    }
    _ = try rows(prepared)
    let description = PQdescribePrepared(raw, "")
    let columns = (0..<PQnfields(description)).map { column in
      (name: String(cString: PQfname(description, column)), type: PQftype(description, column))
    }
    _ = try rows(description)
    return columns
  }

  /// Runs a script of statements, separated by semicolons, without parameters; rows that they return are dropped.
  package func execute(_ script: String) throws(PostgresError) { _ = try rows(PQexec(raw, script)) }

  /// Runs `body` in a transaction, which is committed when `body` returns and rolled back when `body` throws.
  package func transaction<T>(_ body: () throws -> T) throws -> T {
    try execute("BEGIN")
    do {
      let value = try body()
      try execute("COMMIT")
      return value
    } catch {
      try? execute("ROLLBACK")
      throw error
    }
  }

  /// Runs a `COPY … FROM STDIN`; `body` sends its data in pieces of any size. If `body` throws, nothing is copied.
  package func copy(_ sql: String, _ body: (_ send: ([UInt8]) throws -> Void) throws -> Void) throws {
    let begun = PQexec(raw, sql)
    guard PQresultStatus(begun) == PGRES_COPY_IN else { return _ = try rows(begun) }
    PQclear(begun)
    do {
      try body { piece in
        let sent = piece.withUnsafeBytes {
          PQputCopyData(raw, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count))
        }
        guard sent == 1 else { throw PostgresError(lost: String(cString: PQerrorMessage(raw))) }
      }
    } catch {
      PQputCopyEnd(raw, "the sender failed")
      try? copyResult()
      throw error
    }
    PQputCopyEnd(raw, nil)
    try copyResult()
  }

  /// Throws if the COPY failed. Reads all results, because the connection accepts no statement before that.
  private func copyResult() throws(PostgresError) {
    let result = PQgetResult(raw)
    while let further = PQgetResult(raw) { PQclear(further) }
    _ = try rows(result)
  }

  private func rows(_ result: OpaquePointer?) throws(PostgresError) -> Rows {
    guard let result else { throw PostgresError(lost: String(cString: PQerrorMessage(raw))) }
    let status = PQresultStatus(result)
    if status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK { return Rows(result) }
    defer { PQclear(result) }
    let error = PostgresError(result)
    // When the connection drops, libpq makes an error result itself, which has no SQLSTATE.
    throw error.sqlState.code.isEmpty ? PostgresError(lost: String(cString: PQerrorMessage(raw))) : error
  }
}
