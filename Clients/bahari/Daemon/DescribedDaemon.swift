import BahariClient
import BahariFrame
import SwiftProtobuf

/// A client of the daemon with the daemon's own description, from which the CLI knows all resources and methods.
struct DescribedDaemon: Sendable {
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
      throw Failure(.internal, "the daemon's descriptors cannot be decoded: \(error)")
    }
  }

  /// Finds a resource by a name from the command line; `ResourceNames` has the accepted forms.
  func target(_ name: String) throws -> DescribedResource {
    let info = try ResourceNames(description.resources).find(name)
    return DescribedResource(info: info, row: try schema.message(info.row))
  }

  func method(_ target: DescribedResource, _ name: String) throws -> Method {
    try schema.requireMethod(target.info.service, name)
  }

  /// Calls a method with an encoded request, and decodes the reply.
  func call(_ method: Method, _ payload: [UInt8]) async throws -> Record {
    let bytes = try await client.unary(
      service: method.service, method: method.name, payload: payload, effect: try effect(method, payload))
    return try RecordDecoder(schema: schema).decode(method.output, bytes)
  }

  /// Returns whether the call reads or writes: only requests that write have the field `request_id`. A write may be
  /// repeated only if that field is set.
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
