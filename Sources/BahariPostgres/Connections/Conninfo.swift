import CPostgres

/// A parsed connection string: used to reach another database of the same server, and to pass the string to a program
/// without its password.
package struct Conninfo: Sendable, Equatable {
  private var values: [String: String]

  /// Parses a connection string in a form that libpq accepts: `host=/run/postgresql dbname=bahari`, or a URI.
  package init(_ text: String) throws(ConnectError) {
    var message: UnsafeMutablePointer<CChar>?
    guard let options = PQconninfoParse(text, &message) else {
      defer { PQfreemem(message) }
      throw ConnectError(message.map { String(cString: $0) } ?? "out of memory")
    }
    defer { PQconninfoFree(options) }
    values = [:]
    var option = options
    while let keyword = option.pointee.keyword {
      if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
      option += 1
    }
  }

  /// The value given for `keyword`; nil if the connection string does not give one.
  package subscript(_ keyword: String) -> String? {
    get { values[keyword] }
    set { values[keyword] = newValue }
  }

  /// The connection string for another database, with the same server and user.
  package func database(_ name: String) -> Conninfo {
    var other = self
    other.values["dbname"] = name
    return other
  }

  /// The same with the settings that every session needs, for programs that make sessions of their own.
  package var withPinnedSettings: Conninfo {
    var other = self
    other.values["options"] = ConnectionOptions.options(values["options"], SessionSettings.pinned)
    return other
  }

  /// The connection string with all keywords in alphabetical order and every value quoted.
  package var text: String {
    values.sorted { $0.key < $1.key }.map { key, value in
      "\(key)='\(value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    }.joined(separator: " ")
  }
}
