enum Version5 {
  /// The request log keeps the names of the values in `reply_row`, so that a stored reply can still be read after a
  /// change of the table's columns. NULL in entries of earlier versions, whose values are in the order of the message's
  /// fields of that time.
  static let replyColumns = SchemaVersion(
    number: 5, name: "reply_columns", statements: ["ALTER TABLE bahari.request_log ADD COLUMN reply_columns text[]"])
}
