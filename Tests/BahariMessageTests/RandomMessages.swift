import BahariClient
import BahariMessage
import SwiftProtobuf
import TestSupport
import Testing

/// Random messages, each field present or not, and the way back from a message of protobuf-c.
extension Bahari_V1_BatchUpsertDesaRequest {
  static func random(using random: inout Seeded) -> Self {
    var request = Self()
    request.data = (0..<Int.random(in: 0...4, using: &random)).map { _ in .random(using: &random) }
    if Bool.random(using: &random) {
      request.updateMask.paths = (0..<Int.random(in: 0...3, using: &random)).map { _ in random.text() }
    }
    if Bool.random(using: &random) { request.onError = Bool.random(using: &random) ? .skip : .abort }
    if Bool.random(using: &random) { request.requestID = random.text() }
    if Bool.random(using: &random) { request.dryRun = Bool.random(using: &random) }
    return request
  }

  init(reading message: BahariMessage.Message) throws {
    self.init()
    let reader = FieldReader(message)
    data = try reader.message.messages(reader.field("data")).map { try Bahari_V1_Desa(reading: $0) }
    if let mask = try reader.message.message(reader.field("update_mask")) {
      updateMask.paths = mask.strings(try #require(mask.descriptor.field("paths")))
    }
    if let value = try reader.ifPresent("on_error", { $0.int32($1) }) {
      onError = .init(rawValue: Int(value)) ?? .abort
    }
    if let value = try reader.ifPresent("request_id", { $0.string($1) }) { requestID = value ?? "" }
    if let value = try reader.ifPresent("dry_run", { $0.bool($1) }) { dryRun = value }
  }
}

extension Bahari_V1_Desa {
  static func random(using random: inout Seeded) -> Self {
    var row = Self()
    if Bool.random(using: &random) {
      row.id = Int64(bitPattern: random.next()) >> Int64.random(in: 0...63, using: &random)
    }
    if Bool.random(using: &random) { row.districtID = Int64.random(in: -3...3, using: &random) }
    if Bool.random(using: &random) { row.name = random.text() }
    if Bool.random(using: &random) { row.altName = random.text() }
    if Bool.random(using: &random) { row.latitude = Double.random(in: -90...90, using: &random) }
    if Bool.random(using: &random) { row.longitude = 0 }
    if Bool.random(using: &random) { row.version = random.text() }
    if Bool.random(using: &random) { row.provinceName = random.text() }
    return row
  }

  init(reading message: BahariMessage.Message) throws {
    self.init()
    let reader = FieldReader(message)
    if let value = try reader.ifPresent("id", { $0.int64($1) }) { id = value }
    if let value = try reader.ifPresent("district_id", { $0.int64($1) }) { districtID = value }
    if let value = try reader.ifPresent("name", { $0.string($1) }) { name = value ?? "" }
    if let value = try reader.ifPresent("alt_name", { $0.string($1) }) { altName = value ?? "" }
    if let value = try reader.ifPresent("latitude", { $0.double($1) }) { latitude = value }
    if let value = try reader.ifPresent("longitude", { $0.double($1) }) { longitude = value }
    if let value = try reader.ifPresent("version", { $0.string($1) }) { version = value ?? "" }
    if let value = try reader.ifPresent("district_name", { $0.string($1) }) { districtName = value ?? "" }
    if let value = try reader.ifPresent("regency_name", { $0.string($1) }) { regencyName = value ?? "" }
    if let value = try reader.ifPresent("province_name", { $0.string($1) }) { provinceName = value ?? "" }
  }
}

extension Bahari_V1_Filter {
  static func random(depth: Int, using random: inout Seeded) -> Self {
    var filter = Self()
    if Bool.random(using: &random) { filter.field = random.text() }
    if Bool.random(using: &random) { filter.operator = random.text() }
    filter.values = (0..<Int.random(in: 0...2, using: &random)).map { _ in random.text() }
    guard depth > 1 else { return filter }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: filter.not = .random(depth: depth - 1, using: &random)
    case 1: filter.all = (0..<2).map { _ in .random(depth: depth - 1, using: &random) }
    case 2: filter.any = [.random(depth: depth - 1, using: &random)]
    default: break
    }
    return filter
  }

  init(reading message: BahariMessage.Message) throws {
    self.init()
    let reader = FieldReader(message)
    if let value = try reader.ifPresent("field", { $0.string($1) }) { field = value ?? "" }
    if let value = try reader.ifPresent("operator", { $0.string($1) }) { self.operator = value ?? "" }
    values = message.strings(try reader.field("values"))
    all = try message.messages(reader.field("all")).map { try Self(reading: $0) }
    any = try message.messages(reader.field("any")).map { try Self(reading: $0) }
    if let inner = try message.message(reader.field("not")) { not = try Self(reading: inner) }
  }
}

private struct FieldReader {
  let message: BahariMessage.Message

  init(_ message: BahariMessage.Message) { self.message = message }

  func field(_ name: String) throws -> FieldDescriptor { try #require(message.descriptor.field(name), "\(name)") }

  func ifPresent<T>(_ name: String, _ value: (BahariMessage.Message, FieldDescriptor) -> T) throws -> T? {
    let field = try field(name)
    return message.has(field) ? value(message, field) : nil
  }
}

extension Seeded {
  /// Texts of 0 to 20 characters, from one byte to four, and never NUL.
  mutating func text() -> String {
    let alphabet: [Character] = ["a", "Z", "0", " ", "%", "\\", "\"", "\n", "\u{1}", "é", "ß", "漁", "🐟", "\u{10ffff}"]
    var text = ""
    for _ in 0..<Int.random(in: 0...20, using: &self) { text.append(alphabet.randomElement(using: &self) ?? "a") }
    return text
  }
}
