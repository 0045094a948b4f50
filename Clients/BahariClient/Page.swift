import BahariFrame
import SwiftProtobuf

/// The decoded reply of a method that returns several rows: a list's or export's page (`ListXReply`, for the row
/// message X), or a report's rows. A report's reply has no pagination.
public struct Page<Row: Message & Sendable>: Sendable {
  /// The daemon's seven-digit response code; `2000000` for a successful call.
  public var responseCode = ""
  /// The fixed phrase that belongs to the response code.
  public var responseMessage = ""
  /// The result as an Indonesian sentence for people.
  public var message = ""
  /// The rows of the page, in the requested order.
  public var data: [Row] = []
  /// The page's number, and the total numbers of rows and pages; without totals if the request has the count `none`.
  public var pagination = Bahari_V1_Pagination()
  /// The daemon's warnings about unusual values in the rows, or that a report has more rows than the reply.
  public var warnings: [Bahari_V1_Warning] = []
  /// The distance of each row in kilometres, in the order of the rows; empty unless the request has `near`.
  public var distances: [Double] = []
}

/// The field numbers that are the same in the reply messages of all tables. Decoding replies by number needs no generic
/// parameter for the reply message, and no list of the reply types of all tables.
private enum ReplyField {
  static let responseCode: UInt32 = 1
  static let responseMessage: UInt32 = 2
  static let message: UInt32 = 3
  static let data: UInt32 = 4
  static let pagination: UInt32 = 5
  static let warnings: UInt32 = 6
  static let distances: UInt32 = 7
}

/// The maximum number of rows and warnings in a reply; the daemon never sends more. The limit bounds memory: an empty
/// row takes two bytes in a frame and hundreds of bytes once decoded.
private let mostElements = 65_536

/// The error for a reply that has more than `mostElements` rows and warnings.
private struct Excess: Error, CustomStringConvertible {
  var description: String { "it has more than \(mostElements) rows and warnings" }
}

extension Page {
  init(_ bytes: [UInt8]) throws {
    try bytes.withUnsafeBytes { raw in
      var reader = WireReader(raw)
      while let (number, value) = try reader.next() {
        guard case .bytes(let field) = value else { continue }
        switch number {
        case ReplyField.responseCode: responseCode = try String(wire: field)
        case ReplyField.responseMessage: responseMessage = try String(wire: field)
        case ReplyField.message: message = try String(wire: field)
        case ReplyField.data: data.append(try Row(serializedBytes: Array(field)))
        case ReplyField.pagination: try pagination.merge(serializedBytes: Array(field))
        case ReplyField.warnings: warnings.append(try Bahari_V1_Warning(serializedBytes: Array(field)))
        case ReplyField.distances: distances += Self.doubles(field)
        default: break
        }
        guard data.count + warnings.count <= mostElements else { throw Excess() }
      }
    }
  }
}

extension Page {
  /// Decodes a packed Protobuf field of doubles; ignores an incomplete last value.
  private static func doubles(_ bytes: UnsafeRawBufferPointer) -> [Double] {
    (0..<bytes.count / 8).map {
      Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)))
    }
  }
}
