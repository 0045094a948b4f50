import BahariClient
import SwiftProtobuf

/// All messages, enums and services of the daemon, from its descriptors.
struct Schema: Sendable {
  private(set) var messages: [String: MessageType] = [:]
  /// The values of each enum, by the enum's full name.
  private(set) var enums: [String: [(name: String, number: Int32)]] = [:]
  /// The methods of each service in the order of their declaration, by the service's full name.
  private(set) var services: [String: [Method]] = [:]

  init(_ set: Google_Protobuf_FileDescriptorSet) throws {
    for file in set.file {
      let prefix = file.hasPackage ? file.package + "." : ""
      for message in file.messageType { add(message, prefix) }
      for type in file.enumType { add(type, prefix) }
    }
    for file in set.file {
      let prefix = file.hasPackage ? file.package + "." : ""
      for service in file.service { try add(service, prefix) }
    }
  }

  func method(_ service: String, _ name: String) -> Method? { services[service]?.first { $0.name == name } }

  /// Returns the method of a service, or throws an error that lists all methods of the service.
  func requireMethod(_ service: String, _ name: String) throws -> Method {
    guard let method = method(service, name) else {
      let known = (services[service] ?? []).map(\.name).joined(separator: ", ")
      throw Failure(.unimplemented, "\(service) has no method \(name); it has: \(known)")
    }
    return method
  }

  func message(_ name: String) throws -> MessageType {
    guard let type = messages[name] else {
      throw Failure(.internal, "the daemon's descriptors use the message \(name) but do not contain it")
    }
    return type
  }

  private mutating func add(_ message: Google_Protobuf_DescriptorProto, _ prefix: String) {
    let name = prefix + message.name
    let fields = message.field.filter { $0.number > 0 }.map {
      Field(
        number: UInt32($0.number), name: $0.name, kind: $0.type, isRepeated: $0.label == .repeated,
        typeName: $0.typeName.hasPrefix(".") ? String($0.typeName.dropFirst()) : $0.typeName)
    }
    messages[name] = MessageType(name: name, fields: fields)
    for nested in message.nestedType { add(nested, name + ".") }
    for type in message.enumType { add(type, name + ".") }
  }

  private mutating func add(_ type: Google_Protobuf_EnumDescriptorProto, _ prefix: String) {
    enums[prefix + type.name] = type.value.map { ($0.name, $0.number) }
  }

  private mutating func add(_ service: Google_Protobuf_ServiceDescriptorProto, _ prefix: String) throws {
    let name = prefix + service.name
    services[name] = try service.method.map { method in
      Method(
        service: name, name: method.name,
        input: try message(String(method.inputType.drop { $0 == "." })),
        output: try message(String(method.outputType.drop { $0 == "." })),
        streams: method.serverStreaming, takesStream: method.clientStreaming)
    }
  }
}
