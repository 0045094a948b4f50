import BahariFrame

/// Which deadline a call has where its caller names none.
enum DeadlineClass: Sendable {
  /// Reads or writes a few rows by their keys.
  case point
  /// Lists and reports.
  case list
  /// Batches and exports.
  case batch
}

/// How long calls may take, in nanoseconds: by class for callers that name no deadline, and the longest anyone may name.
package struct Deadlines: Sendable {
  package var pointNanoseconds = UInt64(CallLimits.rowSeconds) * 1_000_000_000
  package var listNanoseconds = UInt64(CallLimits.listSeconds) * 1_000_000_000
  package var batchNanoseconds = UInt64(CallLimits.batchSeconds) * 1_000_000_000
  package var longestNanoseconds = UInt64(CallLimits.longestSeconds) * 1_000_000_000

  package init() {}

  func standard(_ deadline: DeadlineClass) -> UInt64 {
    switch deadline {
    case .point: pointNanoseconds
    case .list: listNanoseconds
    case .batch: batchNanoseconds
    }
  }
}
