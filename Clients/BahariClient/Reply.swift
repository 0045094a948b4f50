import SwiftProtobuf

/// The reply of a call about one row: the `XReply` of every table.
public struct Reply<Row: Message & Sendable>: Sendable {
  /// `2000000` on success.
  public var responseCode = ""
  /// The fixed phrase that belongs to the code.
  public var responseMessage = ""
  /// A sentence for people, in Indonesian.
  public var message = ""
  /// The row; nil if the reply has none.
  public var data: Row?
  /// Unusual values of the row that were accepted nevertheless.
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
