/// The server settings on which the results of Bahari's statements depend. Defaults of the server, of a database or of
/// a role must not change what a call does.
///
/// The lists come from all settings that PostgreSQL 15 lets a session or a superuser change. Left to the server are
/// those that decide only how a statement is run or logged (planner, memory, statistics, `jit`, `log_…`, `debug_…`),
/// where new tables are stored, what notices and error texts look like, and how values are formatted or parsed in ways
/// that no statement here uses (`lc_…`, `xml…`, text search). `synchronous_commit` belongs to the operator, who is
/// warned where it is off.
package enum SessionSettings {
  /// Set when a session starts, which overrides the defaults of server, database and role. Every name is known to all
  /// supported versions of PostgreSQL, because an unknown one would fail the connection.
  package static let pinned = [
    // Guards read what the transaction before them committed, once they have its lock.
    "default_transaction_isolation": "read committed",
    "default_transaction_read_only": "off",
    "default_transaction_deferrable": "off",
    // Statements name other schemas themselves, so that no object in another schema can take a function's place.
    "search_path": "pg_catalog",
    // A row that a policy would hide is an error, and not a missing row.
    "row_security": "off",
    // How literals in statements are read.
    "standard_conforming_strings": "on",
    "backslash_quote": "safe_encoding",
    "array_nulls": "on",
    "transform_null_equals": "off",
    // How values are written as text, and text is read as values.
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "quote_all_identifiers": "off",
    // With a limit, a search by a trigram index would return a random part of the rows.
    "gin_fuzzy_search_limit": "0",
    // Row versions are `xmin`, which other access methods need not have.
    "default_table_access_method": "heap",
    // An error ends its statement and not the session, in which other callers' statements wait.
    "exit_on_error": "off",
    "stats_fetch_consistency": "cache",
    // Lanes, pools and the migration set the times that they need.
    "statement_timeout": "0",
    "lock_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "idle_session_timeout": "0",
  ]

  /// Settings that only superusers may change, or that some versions of PostgreSQL lack, with the value that they need
  /// to have. A session cannot set them, so they are checked when the daemon starts.
  package static let required = [
    // With another role, foreign keys and triggers are not enforced.
    "session_replication_role": "origin",
    // Since PostgreSQL 17. It would end exports and batches in between.
    "transaction_timeout": "0",
  ]

  /// The first pinned setting in `pinned` that has another value; nil if there is none. `value` returns nil for settings
  /// whose values are not known.
  package static func mismatch(_ pinned: [String: String], _ value: (String) -> String?) -> String? {
    for (name, wanted) in pinned.sorted(by: { $0.key < $1.key }) {
      guard let value = value(name), value != wanted else { continue }
      return "the session's \(name) is \(value) and has to be \(wanted)"
    }
    return nil
  }
}
