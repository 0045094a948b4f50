import BahariFrame
import BahariMessage

/// A value of a field. With these a message is made and read by its descriptor alone, so that a test need not know
/// its type.
enum Item: Hashable, Sendable {
  /// Integers, booleans and enumerations.
  case number(Int64)
  case double(Double)
  case text(String)
  indirect case message(Fields)
}

/// A message: the values of its fields by name; one value, or a list's.
typealias Fields = [String: [Item]]

extension Fields {
  func text(_ name: String) -> String? {
    guard case .text(let text)? = self[name]?.first else { return nil }
    return text
  }

  func number(_ name: String) -> Int64? {
    guard case .number(let number)? = self[name]?.first else { return nil }
    return number
  }

  func messages(_ name: String) -> [Fields] {
    (self[name] ?? []).compactMap { item in
      guard case .message(let fields) = item else { return nil }
      return fields
    }
  }

  func message(_ name: String) -> Fields? { messages(name).first }

  /// Those of `names` alone.
  func only(_ names: some Collection<String>) -> Fields { filter { names.contains($0.key) } }
}

/// Bytes that do not fit a descriptor.
struct Unreadable: Error {
  let field: String
}

extension MessageDescriptor {
  func bytes(_ fields: Fields) -> [UInt8] {
    let writer = WireWriter(capacity: 256)
    write(fields, into: writer)
    return Array(writer.bytes)
  }

  private func write(_ message: Fields, into writer: WireWriter) {
    let unknown = message.keys.filter { field($0) == nil }
    precondition(unknown.isEmpty, "\(name) has no field \(unknown)")
    for field in fields {
      for item in message[field.name] ?? [] {
        switch item {
        case .number(let value): writer.field(field.number, varint: UInt64(bitPattern: value))
        case .double(let value): writer.field(field.number, fixed64: value.bitPattern)
        case .text(let value): writer.field(field.number, string: value)
        case .message(let inner): writer.field(field.number) { field.message?.write(inner, into: writer) }
        }
      }
    }
  }

  func read(_ bytes: [UInt8]) throws -> Fields { try bytes.withUnsafeBytes { try read($0) } }

  private func read(_ bytes: UnsafeRawBufferPointer) throws -> Fields {
    var message: Fields = [:]
    var reader = WireReader(bytes)
    while let (number, value) = try reader.next() {
      guard let field = fields.first(where: { $0.number == number }) else {
        throw Unreadable(field: "\(name).\(number)")
      }
      message[field.name, default: []] += try items(value, field)
    }
    return message
  }

  private func items(_ value: WireValue, _ field: FieldDescriptor) throws -> [Item] {
    switch (field.kind, value) {
    case (.double, .fixed64(let bits)): return [.double(Double(bitPattern: bits))]
    case (.double, .bytes(let packed)):
      guard packed.count.isMultiple(of: 8) else { throw Unreadable(field: "\(name).\(field.name)") }
      return stride(from: 0, to: packed.count, by: 8).map { place in
        .double(Double(bitPattern: UInt64(littleEndian: packed.loadUnaligned(fromByteOffset: place, as: UInt64.self))))
      }
    case (.string, .bytes(let text)): return [.text(try String(wire: text))]
    case (.message, .bytes(let inner)): return [.message(try field.message?.read(inner) ?? [:])]
    case (.int32, .bytes(let packed)), (.int64, .bytes(let packed)):
      var reader = WireReader(packed)
      var items: [Item] = []
      while !reader.atEnd { items.append(.number(Int64(bitPattern: try reader.varint()))) }
      return items
    case (.int32, .varint(let value)), (.int64, .varint(let value)), (.bool, .varint(let value)),
      (.enumeration, .varint(let value)):
      return [.number(Int64(bitPattern: value))]
    default: throw Unreadable(field: "\(name).\(field.name)")
    }
  }
}

extension BahariMessage.Message {
  /// The fields that protobuf-c has unpacked.
  var asFields: Fields {
    var message: Fields = [:]
    for field in descriptor.fields where has(field) { message[field.name] = items(field) }
    return message
  }

  private func items(_ field: FieldDescriptor) -> [Item] {
    switch field.kind {
    case .message where field.isRepeated: messages(field).map { .message($0.asFields) }
    case .string where field.isRepeated: strings(field).map { .text($0) }
    case .int64 where field.isRepeated: int64s(field).map { .number($0) }
    case .message: self.message(field).map { [.message($0.asFields)] } ?? []
    case .string: string(field).map { [.text($0)] } ?? []
    case .int64: [.number(int64(field))]
    case .int32, .enumeration: [.number(Int64(int32(field)))]
    case .bool: [.number(bool(field) ? 1 : 0)]
    case .double: [.double(double(field))]
    case .bytes: []
    }
  }
}
