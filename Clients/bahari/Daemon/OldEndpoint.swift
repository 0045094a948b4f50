import BahariClient

/// Translates a request to the old HTTP service, such as `GET /pegawai?page=2`, into a call of the daemon. The daemon's
/// description has the old path of each resource.
struct OldEndpoint {
  enum Verb: String { case get = "GET", post = "POST", put = "PUT", delete = "DELETE" }

  let verb: Verb
  let path: String
  /// The names and values after the `?` of the request, percent-decoded.
  let query: [(name: String, value: String)]
  let body: JSON

  /// Parses `text`; nil if it does not begin with an HTTP verb.
  init?(_ text: String, body: JSON) throws {
    let words = text.split(separator: " ", maxSplits: 1)
    guard words.count == 2, let verb = Verb(rawValue: words[0].uppercased()) else { return nil }
    let target = words[1].trimmed
    let (path, rest) = Self.halves(target, at: "?")
    guard path.hasPrefix("/") else {
      throw Failure(
        .invalidArgument, "\"\(text)\" is no endpoint: write 'VERB /PATH', such as 'GET /pegawai?page=2'")
    }
    self.verb = verb
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    query = (rest ?? "").split(separator: "&").map { pair in
      let (name, value) = Self.halves(String(pair), at: "=")
      return (Self.decoded(name), Self.decoded(value ?? ""))
    }
    self.body = body
  }

  /// Makes the call and prints the reply as JSON, in the form of the old service.
  func run(_ daemon: DescribedDaemon) async throws {
    let (target, rest) = try resource(daemon)
    let (method, request) = try call(daemon, target, rest)
    let reply = try await daemon.call(method, try request.encoded())
    var rows = RowOutput(target, daemon.schema, .json)
    try rows.reply(reply)
  }

  /// Returns the resource with the longest old path that is a prefix of `path`, and the segments of `path` after it.
  private func resource(_ daemon: DescribedDaemon) throws -> (DescribedResource, rest: [String]) {
    let found = daemon.description.resources
      .filter { !$0.oldPath.isEmpty && (path == $0.oldPath || path.hasPrefix($0.oldPath + "/")) }
      .max { $0.oldPath.count < $1.oldPath.count }
    guard let found else {
      let known = daemon.description.resources.map(\.oldPath).joined(separator: ", ")
      throw Failure(.unimplemented, "the old service had no \(path); it had: \(known)")
    }
    return (try daemon.target(found.name), path.dropFirst(found.oldPath.count).split(separator: "/").map(Self.decoded))
  }

  /// Returns the method and the request for the HTTP verb and `rest`, the segments after the resource's path: an id, a
  /// word, or a column and its value.
  private func call(_ daemon: DescribedDaemon, _ target: DescribedResource, _ rest: [String]) throws -> (Method, Record)
  {
    let id = rest.first.flatMap { Int64($0) }
    switch (verb, rest.count) {
    case (.get, 0): return try list(daemon, target, "List")
    case (.get, 1) where rest == ["search"]: return try list(daemon, target, "List")
    case (.get, 1...2) where rest.first == "with-relations" && [nil, "search"].contains(rest.dropFirst().first):
      return try list(daemon, target, "ListWithRelations")
    case (.get, 1):
      if let id { return try request(daemon, target, "Get") { $0["id"] = .integer(id) } }
    case (.get, 2):
      if target.column(rest[0])?.unique ?? false {
        return try request(daemon, target, "Get") { ($0["column"], $0["value"]) = (.text(rest[0]), .text(rest[1])) }
      }
      if target.column(rest[0] + "_id") != nil {
        return try list(daemon, target, "List", and: [(rest[0] + "_id", rest[1])])
      }
    case (.post, 0): return try write(daemon, target, "Create", id: nil)
    case (.put, 1): if let id { return try write(daemon, target, "Update", id: id) }
    case (.delete, 1):
      if let id {
        return try request(daemon, target, "Delete") {
          ($0["id"], $0["request_id"]) = (.integer(id), .text(RequestID.random()))
        }
      }
    case (.post, 1...2):
      // The last segment names a method such as CheckIn: `/checkin` or `/ID/checkin`.
      let name = rest.last?.lowercased()
      if let method = daemon.schema.services[target.info.service]?.first(where: { $0.name.lowercased() == name }) {
        var request = try RecordFromJSON(schema: daemon.schema).record(method.input, body)
        if let id, rest.count == 2 { request["id"] = .integer(id) }
        request["request_id"] = .text(RequestID.random())
        return (method, request)
      }
    default: break
    }
    throw Failure(
      .unimplemented,
      "the old service had no \(verb.rawValue) \(path); \(target.info.oldPath) had GET, GET /ID, POST, "
        + "PUT /ID and DELETE /ID")
  }

  private func request(
    _ daemon: DescribedDaemon, _ target: DescribedResource, _ name: String, _ fill: (inout Record) throws -> Void
  ) throws -> (Method, Record) {
    let method = try daemon.method(target, name)
    var request = Record(method.input)
    try fill(&request)
    return (method, request)
  }

  /// Makes a list request from the query: `page`, `limit`, and `q` or `search` for the text to search. Any other name
  /// is a column, which must equal the value.
  private func list(
    _ daemon: DescribedDaemon, _ target: DescribedResource, _ name: String,
    and more: [(name: String, value: String)] = []
  ) throws -> (Method, Record) {
    var list = ListRequest()
    var filters: [Filter] = []
    for (name, value) in query + more {
      switch name {
      case "page", "limit":
        guard let number = Int32(value) else {
          throw Failure(.invalidArgument, "\(name)=\(value) is not a whole number")
        }
        if name == "page" { list.page = number } else { list.limit = number }
      case "q", "search": list.search = value
      default: filters.append(.field(try target.field(name).name, .eq, value))
      }
    }
    if !filters.isEmpty { list.filter = filters.count > 1 ? .all(of: filters) : filters[0] }
    let method = try daemon.method(target, name)
    return (method, try RecordDecoder(schema: daemon.schema).decode(method.input, try list.serializedBytes()))
  }

  /// Makes a request for Create, or for Update of the columns in the body; a JSON null sets a column to NULL.
  private func write(_ daemon: DescribedDaemon, _ target: DescribedResource, _ name: String, id: Int64?) throws -> (
    Method, Record
  ) {
    var row = try RecordFromJSON(schema: daemon.schema).record(target.row, body)
    return try request(daemon, target, name) { request in
      if let id, case .object(let members) = body {
        row["id"] = .integer(id)
        request["update_mask"] = .mask(
          members.compactMap { member in
            target.row.fields.first { [$0.name, JSONText.camelCase($0.name)].contains(member.name) }?.name
          }.filter { $0 != "id" })
      }
      request["data"] = .record(row)
      request["request_id"] = .text(RequestID.random())
    }
  }

  // MARK: Text

  private static func halves(_ text: String, at sign: Character) -> (String, String?) {
    guard let place = text.firstIndex(of: sign) else { return (text, nil) }
    return (String(text[..<place]), String(text[text.index(after: place)...]))
  }

  /// Decodes the percent-encoded text of a URL; a plus sign is a space.
  static func decoded(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(2)
      if byte == UInt8(ascii: "%"), digits.count == 2,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        bytes.append(code)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
