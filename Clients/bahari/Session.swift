import ArgumentParser
import BahariClient
import BahariFrame
import SwiftProtobuf

/// Options of every command.
struct ConnectionOptions: ParsableArguments {
  @Option(name: .long, help: "The daemon's socket. Default: BAHARI_SOCKET, else the usual place.")
  var socket: String?

  @Option(name: .long, help: "Seconds a call may take. Default: 30; import and export 600.")
  var timeout: Double?

  func validate() throws {
    if let timeout, !(timeout > 0 && timeout <= 3_600) {
      throw ValidationError("--timeout takes seconds from above 0 to 3600, not \(timeout)")
    }
  }

  func client(defaultTimeout: Double = 30) -> BahariClient {
    BahariClient(socketPath: socket, timeout: .seconds(timeout ?? defaultTimeout))
  }
}

/// A connection and what the daemon said of itself: all that the CLI knows about tables.
struct Session: Sendable {
  let client: BahariClient
  let description: Bahari_V1_GetDescriptorReply
  let schema: Schema

  init(_ options: ConnectionOptions, defaultTimeout: Double = 30) async throws {
    try await self.init(options.client(defaultTimeout: defaultTimeout))
  }

  init(_ client: BahariClient) async throws {
    let description = try await client.describe()
    try self.init(client, description)
  }

  init(_ client: BahariClient, _ description: Bahari_V1_GetDescriptorReply) throws {
    self.client = client
    self.description = description
    do {
      let set = try Google_Protobuf_FileDescriptorSet(serializedBytes: Array(description.fileDescriptorSet))
      schema = try Schema(set)
    } catch let error as BinaryDecodingError {
      throw Failure(.internal, "the daemon's descriptors cannot be read: \(error)")
    }
  }

  func target(_ name: String) throws -> Target {
    let info = try ResourceNames(description.resources).find(name)
    return Target(info: info, row: try schema.message(info.row))
  }

  func method(_ target: Target, _ name: String) throws -> Method {
    guard let method = schema.method(target.info.service, name) else {
      let known = (schema.services[target.info.service] ?? []).map(\.name).joined(separator: ", ")
      throw Failure(.unimplemented, "\(target.info.service) has no method \(name); it has: \(known)")
    }
    return method
  }

  /// Calls a method with an encoded request.
  func call(_ method: Method, _ payload: [UInt8]) async throws -> Record {
    let bytes = try await client.unary(
      service: method.service, method: method.name, payload: payload, effect: try effect(method, payload))
    return try RecordDecoder(schema: schema).decode(method.output, bytes)
  }

  /// Every request that writes takes a request id; with one it may be made again.
  private func effect(_ method: Method, _ payload: [UInt8]) throws -> CallEffect {
    guard let id = method.input.field("request_id")?.number else { return .read }
    return try payload.withUnsafeBytes { bytes in
      var reader = WireReader(bytes)
      while let (number, _) = try reader.next() { if number == id { return .namedWrite } }
      return .write
    }
  }

  func stream(_ method: Method, _ payload: [UInt8]) -> MessageStream {
    client.serverStream(service: method.service, method: method.name, payload: payload)
  }
}

/// The resource that a command is about.
struct Target: Sendable {
  let info: Bahari_V1_Resource
  let row: MessageType
  private let columns: [String: Bahari_V1_Column]

  init(info: Bahari_V1_Resource, row: MessageType) {
    self.info = info
    self.row = row
    columns = Dictionary(info.columns.map { ($0.name, $0) }) { first, _ in first }
  }

  /// What PostgreSQL says of a column; nil for the version and joined names.
  func column(_ name: String) -> Bahari_V1_Column? { columns[name] }

  /// NULL and '' are to be told apart, unless the column is known to hold no NULL.
  func isNullable(_ field: Field) -> Bool { columns[field.name].map { !$0.hasNullable || $0.nullable } ?? true }

  func isDecimal(_ field: Field) -> Bool { columns[field.name]?.type.hasPrefix("numeric") ?? false }

  func isRightAligned(_ field: Field) -> Bool { (field.isNumber && !field.isRepeated) || isDecimal(field) }

  /// Fields that callers write: the columns, without version and joined names.
  var columnNames: [String] { row.fields.filter { $0.number < RowNumbers.version }.map(\.name) }

  /// The field of a name that a caller gave, or an error that lists the names there are.
  func field(_ name: String, writable: Bool = false) throws -> Field {
    guard let field = row.field(name) else {
      throw Failure(
        .invalidArgument, "\(info.name) has no column \(name); its columns are: \(columnNames.joined(separator: ", "))")
    }
    guard !writable || field.number < RowNumbers.version else {
      throw Failure(.invalidArgument, "\(info.name).\(name) cannot be written: the daemon fills it in")
    }
    return field
  }
}
