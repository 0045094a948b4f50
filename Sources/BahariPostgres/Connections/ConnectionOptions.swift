import CPostgres
import Glibc

/// How a connection to PostgreSQL is opened.
package struct ConnectionOptions: Sendable {
  /// The connection string in a form that libpq accepts: `host=/run/postgresql dbname=bahari`, or a URI.
  package var conninfo: String
  /// Server settings of the session, as PostgreSQL writes them: `["statement_timeout": "5000"]`. They override
  /// `SessionSettings.pinned`.
  package var settings: [String: String] = [:]
  package var connectTimeoutNanoseconds: UInt64 = 10_000_000_000
  /// How many prepared statements are kept per connection.
  package var statementCapacity = 256

  package init(conninfo: String) { self.conninfo = conninfo }

  /// The pinned settings that `settings` does not override.
  var pinned: [String: String] { SessionSettings.pinned.filter { settings[$0.key] == nil } }

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

  /// The value as PostgreSQL reads it in the keyword `options`, where white space ends a value and a backslash keeps the
  /// character behind it.
  private static func escaped(_ value: String) -> String {
    var text = ""
    for scalar in value.unicodeScalars {
      if scalar == "\\" || scalar.properties.isWhitespace { text.append("\\") }
      text.unicodeScalars.append(scalar)
    }
    return text
  }

  /// The keyword `options` for these settings, which override those in `given`.
  static func options(_ given: String?, _ settings: [String: String]) -> String {
    let own = settings.sorted { $0.key < $1.key }.map { "-c \($0.key)=\(escaped($0.value))" }
    // If a setting is given twice, PostgreSQL uses the later one. Two spaces, in case the given options end with a
    // backslash, which would take one of them into a value.
    return ((given.map { [$0] } ?? []) + own).joined(separator: "  ")
  }

  func withKeywords<T>(_ body: (UnsafePointer<UnsafePointer<CChar>?>, UnsafePointer<UnsafePointer<CChar>?>) -> T) -> T {
    let options = ConnectionOptions.options(given, SessionSettings.pinned.merging(settings) { _, own in own })
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

  /// Compares the settings that PostgreSQL reports when a session starts with those that were asked for. libpq sends the
  /// variables PGTZ and PGDATESTYLE of the environment after the options, and a pooler may drop the options: nothing
  /// else would show that.
  func check(_ raw: OpaquePointer) -> ConnectError? {
    SessionSettings.mismatch(pinned) { name in PQparameterStatus(raw, name).map { String(cString: $0) } }
      .map { ConnectError("\($0): unset PGTZ and PGDATESTYLE, and let a pooler pass on the startup parameter options") }
  }
}
