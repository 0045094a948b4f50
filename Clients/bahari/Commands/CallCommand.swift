import ArgumentParser
import BahariClient

struct CallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Calls any method with a JSON request, or an endpoint of the old service.",
    discussion: """
      The service is written with its full name, or with the last part of it if that is unambiguous. A method \
      that streams prints one message per line. Fields are named as in the .proto; a FieldMask is "a,b", a Timestamp \
      "2026-01-31T08:00:00Z", bytes are base64. Examples:
        bahari call DesaService/Get '{"id": 1101012001}'
        bahari call bahari.v1.DesaService/Export '{"filter": {"field": "district_id", "operator": "eq", "values": ["110101"]}}'
        bahari call grpc.health.v1.Health/Check

      An endpoint of the old service is a verb and a path with its query; the request is the body. The output has \
      the old service's form. Examples:
        bahari call 'GET /pegawai?page=2&limit=10'
        bahari call 'GET /api/master/villages/search?q=bakongan'
        bahari call 'PUT /kapal/7' '{"nama_kapal": "KM Bahari"}'
      """)

  @Argument(help: "SERVICE/METHOD, or 'VERB /PATH'.") var method: String
  @Argument(help: "The request as JSON; {} if left out. A write without a request_id gets a random one.") var request:
    String = "{}"
  @OptionGroup var connection: ConnectionOptions

  func run() async throws {
    let json = try JSONParser.parse(request)
    let daemon = try await DescribedDaemon(connection)
    if let endpoint = try OldEndpoint(method, body: json) { return try await endpoint.run(daemon) }
    let method = try Self.find(method, in: daemon.schema)
    guard !method.takesStream else {
      throw Failure(
        .unimplemented, "\(method.service)/\(method.name) takes a stream of requests, and `call` sends one request")
    }
    var request = try RecordFromJSON(schema: daemon.schema).record(method.input, json)
    // A request that writes gets a random request id unless the caller gives one, as with all other commands.
    if request["request_id"] == nil { request["request_id"] = .text(RequestID.random()) }
    let payload = try request.encoded()
    let text = JSONText(schema: daemon.schema)
    var output = Output()
    if method.streams {
      let decoder = RecordDecoder(schema: daemon.schema)
      for try await message in daemon.stream(method, payload) {
        output.line(text.text(of: try decoder.decode(method.output, message)))
        try output.flushIfLarge()
      }
    } else {
      output.line(text.text(of: try await daemon.call(method, payload)))
    }
    try output.flush()
  }

  static func find(_ path: String, in schema: Schema) throws -> Method {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    guard parts.count == 2 else {
      throw Failure(.invalidArgument, "\"\(path)\" is not of the form SERVICE/METHOD, such as DesaService/Get")
    }
    let (service, name) = (String(parts[0]), String(parts[1]))
    let matches = schema.services.keys.filter { $0 == service || $0.hasSuffix("." + service) }.sorted()
    guard let found = matches.first(where: { $0 == service }) ?? (matches.count == 1 ? matches.first : nil) else {
      let choices = (matches.isEmpty ? schema.services.keys.sorted() : matches).joined(separator: ", ")
      throw Failure(.unimplemented, "the service \(service) does not exist or is ambiguous; services: \(choices)")
    }
    return try schema.requireMethod(found, name)
  }
}
