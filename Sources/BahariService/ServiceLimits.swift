import BahariFrame

/// Limits on what a call may ask for. To add one: name it with its unit, say why, refuse with the number.
package enum ServiceLimits {
  /// A reply travels in one frame, beside the few bytes of its envelope.
  static let replyBytes = FrameLimits.data - 16
  /// Bytes per message of an export: small enough that a slow reader holds little.
  static let exportFrameBytes = 60_000
  /// Rows per FETCH of an export.
  static let exportFetchRows = 500
  /// Rows of a list, and how many when the caller does not say.
  static let listRows = 1...100
  static let listRowsDefault = 10
  /// Rows read beyond a page to see whether they are the last, which spares the count: most filtered lists
  /// are shorter, and where more follow the count costs far more than these.
  static let listProbeRows: Int64 = 30
  /// Rows of a report, per field of the reply.
  static let reportRows = 1_000
  /// Pages beyond this would make OFFSET overflow what PostgreSQL counts in.
  static let pageMaximum: Int32 = 20_000_000
  /// Rows of one batch: an upsert of so many takes well below a second.
  static let batchRows = 10_000
  /// Faults told of one message: enough to mend it, and bounded.
  static let violations = 100
  /// How deep a filter may nest, and how many comparisons and values it may hold.
  static let filterDepth = 8
  static let filterTerms = 200
  static let filterValues = 1_000
  /// Sort columns beyond this sort nothing any more.
  static let sortColumns = 8
  /// Characters of a number given as text: PostgreSQL's numeric is exact, its work is not free.
  static let numericCharacters = 200
  /// Characters of a request id: a UUID has 36.
  static let requestIDCharacters = 128
  /// How often requests that are older than a day are forgotten.
  static let forgetNanoseconds: UInt64 = 600_000_000_000
  /// Rows of a batch whose warnings are told.
  static let batchRemarks = 100
  /// Characters of a search.
  static let searchCharacters = 200
}

/// How long calls may take, in nanoseconds: those of callers that name no deadline, and the longest anyone may name.
package struct Deadlines: Sendable {
  package var pointNanoseconds: UInt64 = 5_000_000_000
  package var listNanoseconds: UInt64 = 30_000_000_000
  package var batchNanoseconds: UInt64 = 600_000_000_000
  package var longestNanoseconds: UInt64 = 3_600_000_000_000

  package init() {}

  func standard(for target: Target) -> UInt64 {
    if case .report = target { return listNanoseconds }
    guard case .table(_, let operation) = target else { return pointNanoseconds }
    switch operation {
    case .get, .create, .update, .delete, .checkIn, .checkOut: return pointNanoseconds
    case .list, .listWithRelations: return listNanoseconds
    case .batchUpsert, .export: return batchNanoseconds
    }
  }
}
