import BahariFrame

/// The class of a method, which decides the deadline of a call whose caller sets none.
enum DeadlineClass: Sendable {
  /// Methods that read or write a few rows by their keys.
  case point
  /// Methods that return lists or reports.
  case list
  /// Methods that write batches or export tables.
  case batch
}

/// How long calls may take, in nanoseconds: the default for each class of methods, and the longest time that a caller
/// may set.
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
