import CPostgres
import Glibc

/// How a connection to PostgreSQL is opened.
package struct ConnectionOptions: Sendable {
  /// The connection string in a form that libpq accepts: `host=/run/postgresql dbname=bahari`, or a URI.
  package var conninfo: String
  /// Server settings of the session, as PostgreSQL writes them: `["statement_timeout": "5000"]`.
  package var settings: [String: String] = [:]
  package var connectTimeoutNanoseconds: UInt64 = 10_000_000_000
  /// How many prepared statements are kept per connection.
  package var statementCapacity = 256

  package init(conninfo: String) { self.conninfo = conninfo }

  /// Server settings that every session of Bahari has, unless `settings` overrides them.
  private static let always = ["TimeZone": "UTC", "DateStyle": "ISO", "extra_float_digits": "1"]

  /// The server settings in the conninfo's keyword `options`, in the form `-c name=value`; nil if it has none.
  private var given: String? {
    guard let parsed = PQconninfoParse(conninfo, nil) else { return nil }
    defer { PQconninfoFree(parsed) }
    var entry = parsed
    while let keyword = entry.pointee.keyword {
      if strcmp(keyword, "options") == 0 { return entry.pointee.val.map { String(cString: $0) } }
      entry += 1
    }
    return nil
  }

  func withKeywords<T>(_ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
    let own = ConnectionOptions.always.merging(settings) { _, own in own }
      .sorted { $0.key < $1.key }.map { "-c \($0.key)=\($0.value)" }
    // If a setting is given twice, PostgreSQL uses the later one, so Bahari's settings override those of the conninfo.
    let options = ((given.map { [$0] } ?? []) + own).joined(separator: " ")
    let pairs = [
      // libpq uses the last value of a keyword, so a connect_timeout in the conninfo overrides this one. The timeout
      // applies only where libpq itself waits, and libpq waits for at least 2 s.
      ("connect_timeout", "\(max(2, connectTimeoutNanoseconds / 1_000_000_000))"), ("dbname", conninfo),
      ("options", options), ("client_encoding", "UTF8"), ("application_name", "baharid"),
    ]
    let strings = pairs.map { (strdup($0.0), strdup($0.1)) }
    defer {
      for (key, value) in strings {
        free(key)
        free(value)
      }
    }
    let keys = strings.map { UnsafePointer($0.0) } + [nil]
    let values = strings.map { UnsafePointer($0.1) } + [nil]
    return body(keys, values)
  }
}
