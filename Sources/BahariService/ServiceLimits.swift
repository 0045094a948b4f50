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
  static let listRows = CallLimits.pageRows
  static let listRowsDefault = CallLimits.pageRowsDefault
  /// Rows read beyond a page to see whether they are the last, which spares the count: most filtered lists
  /// are shorter, and where more follow the count costs far more than these.
  static let listProbeRows: Int64 = 30
  /// Rows of a report, per field of the reply.
  static let reportRows = CallLimits.reportRows
  /// Pages beyond this would make OFFSET overflow what PostgreSQL counts in.
  static let pageMaximum = Int32(CallLimits.pageNumber)
  /// Rows of one batch: an upsert of so many takes well below a second.
  static let batchRows = CallLimits.batchRows
  /// Faults told of one message: enough to mend it, and bounded.
  static let violations = CallLimits.violations
  /// How deep a filter may nest, and how many comparisons and values it may hold.
  static let filterDepth = CallLimits.filterDepth
  static let filterTerms = CallLimits.filterComparisons
  static let filterValues = CallLimits.filterValues
  /// Sort columns beyond this sort nothing any more.
  static let sortColumns = CallLimits.sortColumns
  /// Characters of a number given as text: PostgreSQL's numeric is exact, its work is not free.
  static let numericCharacters = CallLimits.numericCharacters
  /// Characters of a request id: a UUID has 36.
  static let requestIDCharacters = CallLimits.requestIDCharacters.upperBound
  /// How often requests that are older than a day are forgotten.
  static let forgetNanoseconds: UInt64 = 600_000_000_000
  /// Rows of a batch whose warnings are told.
  static let batchRemarks = CallLimits.batchWarnings
  /// Characters of a search.
  static let searchCharacters = CallLimits.searchCharacters
}

/// How long calls may take, in nanoseconds: those of callers that name no deadline, and the longest anyone may name.
package struct Deadlines: Sendable {
  package var pointNanoseconds = nanoseconds(CallLimits.rowSeconds)
  package var listNanoseconds = nanoseconds(CallLimits.listSeconds)
  package var batchNanoseconds = nanoseconds(CallLimits.batchSeconds)
  package var longestNanoseconds = nanoseconds(CallLimits.longestSeconds)

  package init() {}

  private static func nanoseconds(_ seconds: Int) -> UInt64 { UInt64(seconds) * 1_000_000_000 }

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
