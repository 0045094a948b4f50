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
  package var pointNanoseconds: UInt64 = 5_000_000_000
  package var listNanoseconds: UInt64 = 30_000_000_000
  package var batchNanoseconds: UInt64 = 600_000_000_000
  package var longestNanoseconds: UInt64 = 3_600_000_000_000

  package init() {}

  func standard(_ deadline: DeadlineClass) -> UInt64 {
    switch deadline {
    case .point: pointNanoseconds
    case .list: listNanoseconds
    case .batch: batchNanoseconds
    }
  }
}
