import BahariFrame

/// Internal limits of the service; the limits that callers can meet are in `CallLimits`. To add one, put its unit into
/// the name and state the reason for its value.
enum ServiceLimits {
  /// The largest size of a reply: it has to fit into one frame, together with the few bytes of its envelope.
  static let replyBytes = CallLimits.frameBytes - 16
  /// The sizes of a batch's reply beyond which it lists no further violations, and no further warnings. The violations
  /// or warnings of one row take a few kilobytes at most, and the indexes of all rows 20 kB, so that the reply always
  /// fits into a frame.
  static let batchErrorBytes = replyBytes - 1_000_000
  static let batchReplyBytes = replyBytes - 500_000
  /// A write that gives a row more text than this checks that the whole row still fits into a reply. Smaller writes need
  /// no check, because the difference between `CallLimits.rowBytes` and `replyBytes` leaves room for one text of this
  /// size in each column.
  static let largeTextBytes = 4_096
  /// The largest size of an export's messages, unless a single row is larger. It is small, so that little memory is
  /// used for a slow reader.
  static let exportFrameBytes = 60_000
  /// The number of rows that an export reads with each FETCH.
  static let exportFetchRows = 500
  /// The number of rows that a list reads beyond the requested page. If the list ends within them, its total is known
  /// without a count(*). Most filtered lists do, and for the rest a count costs far more than these rows.
  static let listProbeRows: Int64 = 30
  /// How often entries of the request log that are older than a day are deleted.
  static let logCleanupNanoseconds: UInt64 = 600_000_000_000
}
