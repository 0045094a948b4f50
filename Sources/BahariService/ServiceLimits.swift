import BahariFrame

/// Limits of the service that no caller meets as such; those that callers meet are in `CallLimits`. To add one: name it
/// with its unit, and say why.
enum ServiceLimits {
  /// A reply travels in one frame, beside the few bytes of its envelope.
  static let replyBytes = CallLimits.frameBytes - 16
  /// Bytes per message of an export: small enough that a slow reader holds little.
  static let exportFrameBytes = 60_000
  /// Rows per FETCH of an export.
  static let exportFetchRows = 500
  /// Rows read beyond a page to see whether they are the last, which spares the count: most filtered lists
  /// are shorter, and where more follow the count costs far more than these.
  static let listProbeRows: Int64 = 30
  /// How often entries of the request log that are older than a day are deleted.
  static let logCleanupNanoseconds: UInt64 = 600_000_000_000
}
