import BahariFrame
import SwiftProtobuf

/// The name of a write, by which its repetition is known and has no second effect for a day.
public enum RequestID {
  /// A new one: 128 random bits in hexadecimal.
  public static func random() -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The caller's, or a new one where that says nothing.
  static func orNew(_ id: String?) -> String { id.flatMap { $0.isEmpty ? nil : $0 } ?? random() }
}

/// The requests that write rows, by the field numbers that all tables share.
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

  /// A FieldMask: names of columns, as they are and not in camel case.
  fileprivate func mask(_ names: [String]?) {
    guard let names else { return }
    field(2) {
      for name in names { field(1, string: name) }
    }
  }
}
