import BahariFrame
import SwiftProtobuf

/// A page of rows: the `ListXReply` of every table. A report is one page without pagination.
public struct Page<Row: Message & Sendable>: Sendable {
  /// `2000000` on success.
  public var responseCode = ""
  /// The fixed phrase of the code.
  public var responseMessage = ""
  /// A sentence for people, in Indonesian.
  public var message = ""
  /// The rows, in the requested order.
  public var data: [Row] = []
  /// The page's number and the totals; no totals if the request asked for no count.
  public var pagination = Bahari_V1_Pagination()
  /// Unusual values in the rows.
  public var warnings: [Bahari_V1_Warning] = []
  /// The distance of each row in kilometres, in the order of the rows; empty unless the request has `near`.
  public var distances: [Double] = []
}

/// The fields that the replies of all tables have under the same numbers. Decoding them by number avoids a generic
/// parameter, and a list of types, per message and table.
private enum ReplyField {
  static let responseCode: UInt32 = 1
  static let responseMessage: UInt32 = 2
  static let message: UInt32 = 3
  static let data: UInt32 = 4
  static let pagination: UInt32 = 5
  static let warnings: UInt32 = 6
  static let distances: UInt32 = 7
}

/// No reply has more rows and warnings. The limit bounds memory: an empty row takes two bytes of a frame and hundreds of
/// bytes in memory.
private let mostElements = 65_536

/// A reply with more rows and warnings than a daemon sends.
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
  /// Decodes a packed field of doubles.
  private static func doubles(_ bytes: UnsafeRawBufferPointer) -> [Double] {
    (0..<bytes.count / 8).map {
      Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)))
    }
  }
}
