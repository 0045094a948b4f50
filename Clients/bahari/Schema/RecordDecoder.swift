import BahariFrame

/// Decodes messages from wire bytes by their descriptors.
struct RecordDecoder {
  let schema: Schema
  /// The most levels of nested messages; Bahari's messages have fewer.
  private static let deepest = 32

  func decode(_ type: MessageType, _ bytes: [UInt8]) throws -> Record {
    do {
      return try bytes.withUnsafeBytes { try decode(type, $0, depth: 0) }
    } catch let error as WireError {
      throw Failure(.internal, "a \(type.name) from the daemon cannot be decoded: \(error)")
    }
  }

  private func decode(_ type: MessageType, _ bytes: UnsafeRawBufferPointer, depth: Int) throws -> Record {
    guard depth <= Self.deepest else {
      throw Failure(.internal, "a \(type.name) from the daemon is nested more than \(Self.deepest) deep")
    }
    var record = Record(type)
    var lists: [Int: [FieldValue]] = [:]
    var reader = WireReader(bytes)
    while let (number, raw) = try reader.next() {
      guard let slot = type.slot(number) else { continue }
      let field = type.fields[slot]
      if field.isRepeated {
        if case .bytes(let packed) = raw, field.isPackable {
          lists[slot, default: []] += try unpack(field, packed, in: type)
        } else {
          lists[slot, default: []].append(try value(field, raw, in: type, depth))
        }
      } else {
        record.values[slot] = try value(field, raw, in: type, depth)
      }
    }
    for (slot, list) in lists { record.values[slot] = .list(list) }
    return record
  }

  private func unpack(_ field: Field, _ bytes: UnsafeRawBufferPointer, in type: MessageType) throws -> [FieldValue] {
    var values: [FieldValue] = []
    var rest = bytes
    while !rest.isEmpty {
      let raw: WireValue
      let used: Int
      switch field.wireType {
      case .fixed64:
        guard rest.count >= 8 else { throw WireError.truncated }
        raw = .fixed64(UInt64(littleEndian: rest.loadUnaligned(as: UInt64.self)))
        used = 8
      case .fixed32:
        guard rest.count >= 4 else { throw WireError.truncated }
        raw = .fixed32(UInt32(littleEndian: rest.loadUnaligned(as: UInt32.self)))
        used = 4
      default:
        var reader = WireReader(rest)
        raw = .varint(try reader.varint())
        used = reader.offset
      }
      values.append(try value(field, raw, in: type, 0))
      rest = UnsafeRawBufferPointer(rebasing: rest[used...])
    }
    return values
  }

  private func value(_ field: Field, _ raw: WireValue, in type: MessageType, _ depth: Int) throws -> FieldValue {
    switch (field.kind, raw) {
    case (.int32, .varint(let number)):
      return .integer(Int64(Int32(truncatingIfNeeded: number)))
    case (.int64, .varint(let number)): return .integer(Int64(bitPattern: number))
    case (.uint32, .varint(let number)): return .unsigned(UInt64(UInt32(truncatingIfNeeded: number)))
    case (.uint64, .varint(let number)): return .unsigned(number)
    case (.sint32, .varint(let number)), (.sint64, .varint(let number)):
      return .integer(Int64(bitPattern: number >> 1) ^ -Int64(bitPattern: number & 1))
    case (.bool, .varint(let number)): return .bool(number != 0)
    case (.enum, .varint(let number)):
      let number = Int32(truncatingIfNeeded: number)
      return .symbol(number, schema.enums[field.typeName]?.first { $0.number == number }?.name)
    case (.double, .fixed64(let bits)): return .double(Double(bitPattern: bits))
    case (.fixed64, .fixed64(let bits)): return .unsigned(bits)
    case (.sfixed64, .fixed64(let bits)): return .integer(Int64(bitPattern: bits))
    case (.float, .fixed32(let bits)): return .float(Float(bitPattern: bits))
    case (.fixed32, .fixed32(let bits)): return .unsigned(UInt64(bits))
    case (.sfixed32, .fixed32(let bits)): return .integer(Int64(Int32(bitPattern: bits)))
    case (.string, .bytes(let text)): return .text(try String(wire: text))
    case (.bytes, .bytes(let bytes)): return .bytes(Array(bytes))
    case (.message, .bytes(let bytes)):
      return try wellKnown(field, decode(schema.message(field.typeName), bytes, depth: depth + 1))
    default:
      throw Failure(
        .internal,
        "\(type.name).\(field.name) came as \(raw.type), which does not fit its descriptor: compare the "
          + "daemon's version with its descriptors")
    }
  }

  private func wellKnown(_ field: Field, _ record: Record) -> FieldValue {
    if field.isTimestamp {
      return .timestamp(
        seconds: record.integer("seconds") ?? 0,
        nanoseconds: Int32(truncatingIfNeeded: record.integer("nanos") ?? 0))
    }
    if field.isFieldMask, case .list(let paths) = record["paths"] ?? .list([]) {
      return .mask(paths.compactMap { if case .text(let path) = $0 { path } else { nil } })
    }
    return .record(record)
  }
}
