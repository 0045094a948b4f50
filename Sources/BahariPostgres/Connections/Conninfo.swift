import CPostgres

/// A parsed connection string: to reach another database of the server, or to pass it to a program without the
/// password.
package struct Conninfo: Sendable, Equatable {
  private var values: [String: String]

  /// In the form that libpq accepts: `host=/run/postgresql dbname=bahari`, or a URI.
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

  /// A value that was given, nil where libpq uses its own default.
  package subscript(_ keyword: String) -> String? {
    get { values[keyword] }
    set { values[keyword] = newValue }
  }

  /// The same server and user, another database.
  package func database(_ name: String) -> Conninfo {
    var other = self
    other.values["dbname"] = name
    return other
  }

  /// All keywords in alphabetical order, every value quoted.
  package var text: String {
    values.sorted { $0.key < $1.key }.map { key, value in
      "\(key)='\(value.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    }.joined(separator: " ")
  }
}
