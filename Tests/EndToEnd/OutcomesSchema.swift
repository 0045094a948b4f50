import BahariClient
import BahariFrame
import SwiftProtobuf

/// The daemon's tables with their messages, from its own description: nothing about a single table is written down in
/// this suite.
struct OutcomeSchema: Sendable {
  /// In an order in which every table comes after those that its rows refer to.
  let tables: [OutcomeTable]
  /// The numbers of fields by name, by the message's full name.
  private let fields: [String: [String: UInt32]]

  init(_ description: Bahari_V1_GetDescriptorReply) throws {
    let set = try Google_Protobuf_FileDescriptorSet(serializedBytes: Array(description.fileDescriptorSet))
    var fields: [String: [String: UInt32]] = [:]
    for file in set.file {
      for message in file.messageType {
        fields["\(file.package).\(message.name)"] = message.field.reduce(into: [:]) { $0[$1.name] = UInt32($1.number) }
      }
    }
    self.fields = fields
    var waiting = try description.resources.map { try OutcomeTable($0, fields[$0.row] ?? [:]) }
    var ordered: [OutcomeTable] = []
    while let place = waiting.firstIndex(where: { $0.parents.isSubset(of: ordered.map(\.name)) }) {
      ordered.append(waiting.remove(at: place))
    }
    guard waiting.isEmpty else { throw Trouble("tables that refer to each other: \(waiting.map(\.name))") }
    tables = ordered
  }

  func number(of field: String, in message: String) throws -> UInt32 {
    guard let number = fields[message]?[field] else { throw Trouble("\(message) has no field \(field)") }
    return number
  }

  /// The place of the table whose service has check-in and check-out.
  var attendance: Int { tables.firstIndex { $0.name == "trx_absensi" } ?? 0 }
}

/// A value of a row, as the wire and SQL have it.
enum OutcomeValue: Sendable {
  case number(Int64)
  case text(String)
  case real(Double)
  /// Seconds since 1970.
  case moment(Int64)

  var sql: String {
    switch self {
    case .number(let value): "\(value)"
    case .text(let value): "'\(value.replacing("'", with: "''"))'"
    case .real(let value): "\(value)"
    case .moment(let seconds): "to_timestamp(\(seconds)) AT TIME ZONE 'UTC'"
    }
  }

  func write(to writer: WireWriter, as field: UInt32) {
    switch self {
    case .number(let value): writer.field(field, varint: UInt64(bitPattern: value))
    case .text(let value): writer.field(field, string: value)
    case .real(let value): writer.field(field, fixed64: value.bitPattern)
    case .moment(let seconds): writer.field(field) { writer.field(1, varint: UInt64(bitPattern: seconds)) }
    }
  }
}
