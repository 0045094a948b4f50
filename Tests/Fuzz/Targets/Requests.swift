import BahariFrame
import BahariMessage

extension FuzzTarget {
  /// Scan and unpack, for the requests of all methods of all services. The first two bytes choose the type, the third
  /// the limit on memory.
  static let requests = FuzzTarget(
    name: "requests", longest: 512, rounds: 4_000,
    seeds: { RequestSeeds.all() },
    moreSeeds: {
      RequestTypes.all.map { Seed($0.name, Ring<MessageDescriptor>.choice($0.name) + [0] + RequestTypes.filled($0)) }
    },
    check: { bytes in
      var choices = Choices(bytes)
      let type = RequestTypes.ring.chosen(by: choices.pair())
      let cap = choices.byte()
      let isScanned = (try? Scan.run(choices.rest, type, limits: ScanLimits())) != nil
      // 0 for the limit of the daemon; others are so low that some messages do not fit.
      do {
        let message = try Message(choices.rest, as: type, cap: cap == 0 ? 64 << 20 : cap * 64)
        try hold(isScanned, "\(type.name) is unpacked and was not to be")
        var visit = Visit()
        try visit.message(message, depth: 1)
      } catch MessageError.tooLarge {
        try hold(isScanned && cap != 0, "\(type.name): the scan accepts and unpack refuses")
      } catch MessageError.malformed {
        try hold(!isScanned, "\(type.name): the scan accepts, and then does not")
      }
    })
}

private enum RequestSeeds {
  static func all() -> [FuzzTarget.Seed] {
    func seed(_ name: String, _ type: String, _ body: (WireWriter) -> Void) -> FuzzTarget.Seed {
      FuzzTarget.Seed(name, Ring<MessageDescriptor>.choice("bahari.v1." + type) + [0] + written(body))
    }
    return [
      seed("get", "GetRequest") { $0.field(1, varint: 1_101_010_001) },
      seed("get-by-column", "GetRequest") {
        $0.field(2, string: "email")
        $0.field(3, string: "a@b.id")
        $0.field(4, string: "id")
      },
      seed("list", "ListRequest") { writer in
        writer.field(2, varint: 10)
        writer.field(5) {
          writer.field(4) {
            writer.field(1, string: "name")
            writer.field(2, string: "eq")
            writer.field(3, string: "Keude")
          }
          writer.field(4) { writer.field(6) { writer.field(1, string: "id") } }
        }
        writer.field(6, string: "-name")
      },
      seed("list-deep", "ListRequest") { writer in RequestTypes.nest(17, 6, writer) },
      seed("create", "CreateDesaRequest") { writer in
        writer.field(1) {
          writer.field(1, varint: 1_101_010_001)
          writer.field(3, string: "Keude Bakongan 漁🐟")
          writer.field(5, fixed64: (2.9312).bitPattern)
          writer.field(39, string: "unknown")
        }
        writer.field(2, string: "4f2c")
      },
      seed("batch", "BatchUpsertDesaRequest") { writer in
        for id: UInt64 in 1...3 { writer.field(1) { writer.field(1, varint: id) } }
        writer.field(2) { writer.field(1, string: "name") }
        writer.field(3, varint: 1)
      },
      seed("packed", "CreatePenyuluhRequest") { RequestTypes.packed([1, 2, 0x7f], $0) },
      seed("packed-cut", "CreatePenyuluhRequest") { RequestTypes.packed([1, 2, 0xff], $0) },
      seed("not-utf8", "GetRequest") { writer in
        ([0xed, 0xa0, 0x80] as [UInt8]).withUnsafeBytes { writer.field(2, bytes: $0) }
      },
      seed("nul", "DeleteRequest") { $0.field(2, string: "a\0b") },
      seed("fixed32", "DeleteRequest") { writer in
        ([0xed, 4, 1, 0, 0, 0] as [UInt8]).withUnsafeBytes { writer.append($0) }
      },
    ]
  }
}

/// What the methods of all services take, and messages of these types.
enum RequestTypes {
  /// The types of all requests, each once.
  static let all: [MessageDescriptor] = {
    var found: [String: MessageDescriptor] = [:]
    for method in Descriptors.services.flatMap(\.methods) { found[method.input.name] = method.input }
    return found.sorted { $0.key < $1.key }.map(\.value)
  }()

  static let ring = Ring(all.map { ($0.name, $0) })

  /// A list of ids, packed and then one id more.
  static func packed(_ ids: [UInt8], _ writer: WireWriter) {
    let row = all.first { $0.name == "bahari.v1.CreatePenyuluhRequest" }?.field("data")?.message
    guard let areas = row?.field("wilayah_binaan") else { return }
    writer.field(1) {
      ids.withUnsafeBytes { writer.field(areas.number, bytes: $0) }
      writer.field(areas.number, varint: 1_101_010)
    }
  }

  static func nest(_ depth: Int, _ field: UInt32, _ writer: WireWriter) {
    if depth > 1 { writer.field(depth == 17 ? 5 : field) { nest(depth - 1, field, writer) } }
  }

  /// A message of this type in which every field is present, and repeated ones twice.
  static func filled(_ type: MessageDescriptor, depth: Int = 1) -> [UInt8] {
    written { writer in
      for field in type.fields {
        for _ in 0..<(field.isRepeated ? 2 : 1) { fill(field, depth, writer) }
      }
    }
  }

  static func fill(_ field: FieldDescriptor, _ depth: Int, _ writer: WireWriter) {
    switch field.kind {
    case .int32, .int64, .enumeration, .bool: writer.field(field.number, varint: 1)
    case .double: writer.field(field.number, fixed64: (1.5).bitPattern)
    case .string, .bytes: writer.field(field.number, string: field.name)
    case .message:
      guard let type = field.message, depth < 3 else { return }
      filled(type, depth: depth + 1).withUnsafeBytes { writer.field(field.number, bytes: $0) }
    }
  }
}

/// Reads every field of a message, as the service would.
private struct Visit {
  private var values = 0

  mutating func message(_ message: Message, depth: Int) throws {
    try hold(depth <= ScanLimits().depth, "a message nests deeper than the scan allows")
    for field in message.descriptor.fields {
      try hold(!field.isRepeated || message.has(field) == (message.count(field) > 0), "\(field.name) is half there")
      guard message.has(field) else { continue }
      if field.isRepeated { try list(field, of: message, depth) } else { try value(field, of: message, depth) }
      try hold(values <= ScanLimits().elements, "there are more values than the scan allows")
    }
  }

  private mutating func value(_ field: FieldDescriptor, of message: Message, _ depth: Int) throws {
    values += 1
    switch field.kind {
    case .int32, .enumeration: _ = field.isDefined(message.int32(field))
    case .int64: _ = message.int64(field)
    case .double: _ = message.double(field)
    case .bool: _ = message.bool(field)
    case .bytes: break
    case .string:
      guard let text = message.text(field) else { throw Broken(description: "\(field.name) is there and has no text") }
      try hold(String(validating: text, as: UTF8.self) != nil, "\(field.name) is not UTF-8")
    case .message:
      guard let inner = message.message(field) else { throw Broken(description: "\(field.name) is there and is not") }
      try self.message(inner, depth: depth + 1)
    }
  }

  private mutating func list(_ field: FieldDescriptor, of message: Message, _ depth: Int) throws {
    let count = message.count(field)
    values += count
    switch field.kind {
    case .string: try hold(message.strings(field).count == count, "\(field.name) has texts that are not there")
    case .int64: try hold(message.int64s(field).count == count, "\(field.name) has numbers that are not there")
    case .message:
      let inner = message.messages(field)
      try hold(inner.count == count, "\(field.name) has messages that are not there")
      for one in inner { try self.message(one, depth: depth + 1) }
    case .int32, .enumeration, .double, .bool, .bytes: break
    }
  }
}
