import BahariFrame
import SwiftProtobuf

/// Encodes requests of Create, Update and BatchUpsert, whose field numbers are the same for all tables.
enum WriteRequest {
  static func create(_ row: some Message, requestID: String, dryRun: Bool) throws -> [UInt8] {
    let writer = WireWriter()
    try writer.row(row)
    writer.field(2, string: requestID)
    if dryRun { writer.field(3, varint: 1) }
    return Array(writer.bytes)
  }

  static func update(
    _ row: some Message, mask: [String]?, version: String?, requestID: String, dryRun: Bool
  ) throws -> [UInt8] {
    let writer = WireWriter()
    try writer.row(row)
    writer.mask(mask)
    if let version { writer.field(3, string: version) }
    writer.field(4, string: requestID)
    if dryRun { writer.field(5, varint: 1) }
    return Array(writer.bytes)
  }

  static func batch(
    _ rows: [some Message], mask: [String]?, onError: Bahari_V1_OnError, requestID: String, dryRun: Bool
  ) throws -> [UInt8] {
    let writer = WireWriter()
    for row in rows { try writer.row(row) }
    writer.mask(mask)
    writer.field(3, varint: UInt64(onError.rawValue))
    writer.field(4, string: requestID)
    if dryRun { writer.field(5, varint: 1) }
    return Array(writer.bytes)
  }
}

extension WireWriter {
  fileprivate func row(_ row: some Message) throws {
    let bytes: [UInt8] = try row.serializedBytes()
    bytes.withUnsafeBytes { field(1, bytes: $0) }
  }

  /// Writes field 2, a FieldMask with the columns' names as they are, not in camel case. Writes nothing if `names` is
  /// nil.
  fileprivate func mask(_ names: [String]?) {
    guard let names else { return }
    field(2) {
      for name in names { field(1, string: name) }
    }
  }
}
