import SwiftProtobuf

/// The decoded reply of a method that reads or writes one row: `XReply`, for the row message X.
public struct Reply<Row: Message & Sendable>: Sendable {
  /// The daemon's seven-digit response code; `2000000` for a successful call.
  public var responseCode = ""
  /// The fixed phrase that belongs to the response code.
  public var responseMessage = ""
  /// The result as an Indonesian sentence for people.
  public var message = ""
  /// The row that was read or written; nil if the reply has none.
  public var data: Row?
  /// The daemon's warnings about unusual values of the row, which were accepted nevertheless.
  public var warnings: [Bahari_V1_Warning] = []
}

extension Reply {
  init(_ bytes: [UInt8]) throws {
    let page = try Page<Row>(bytes)
    responseCode = page.responseCode
    responseMessage = page.responseMessage
    message = page.message
    data = page.data.last
    warnings = page.warnings
  }
}
