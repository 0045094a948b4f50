import CPostgres

/// The rows of a result, in PostgreSQL's binary format.
///
/// `@unchecked Sendable`: a result does not change once it is made, and is freed with the last reference.
package final class Rows: @unchecked Sendable {
  private let raw: OpaquePointer
  package let count: Int

  /// Takes ownership of `raw`, a result of libpq.
  init(_ raw: OpaquePointer) {
    self.raw = raw
    count = Int(PQntuples(raw))
  }

  deinit { PQclear(raw) }

  /// The number of rows that PostgreSQL reports for the statement, such as the rows changed; 0 if it reports none.
  package var affected: Int { Int(String(cString: PQcmdTuples(raw))) ?? 0 }

  /// PostgreSQL's tag for the executed statement, such as "COMMIT" or "INSERT 0 1".
  var commandTag: String { String(cString: PQcmdStatus(raw)) }

  package var columns: Int { Int(PQnfields(raw)) }

  /// The bytes of a value, nil for NULL. They are valid as long as this object exists.
  @inline(__always)
  package func bytes(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
    let (row, column) = (Int32(truncatingIfNeeded: row), Int32(truncatingIfNeeded: column))
    let length = Int(PQgetlength(raw, row, column))
    // A length of 0 means NULL or an empty value, so libpq is asked which of the two it is.
    guard length > 0 || PQgetisnull(raw, row, column) == 0 else { return nil }
    return UnsafeRawBufferPointer(start: PQgetvalue(raw, row, column), count: length)
  }

  package func int64(_ row: Int, _ column: Int) -> Int64? {
    bytes(row, column).flatMap { $0.count == 8 ? Int64(bigEndian: $0.loadUnaligned(as: Int64.self)) : nil }
  }

  package func int32(_ row: Int, _ column: Int) -> Int32? {
    bytes(row, column).flatMap { $0.count == 4 ? Int32(bigEndian: $0.loadUnaligned(as: Int32.self)) : nil }
  }

  package func bool(_ row: Int, _ column: Int) -> Bool? { bytes(row, column).map { $0.first == 1 } }

  package func string(_ row: Int, _ column: Int) -> String? {
    bytes(row, column).map { String(decoding: $0, as: UTF8.self) }
  }
}
