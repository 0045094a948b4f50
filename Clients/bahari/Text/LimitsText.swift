import BahariFrame

/// The limits of `CallLimits` as rows of a table: the subject, the limit, and what happens beyond it.
///
/// The numbers are those that this program was built with. A daemon of the same version enforces the same limits.
enum LimitsText {
  static let rows: [[String]] = messages + lists + batches + times

  private static let messages = [
    [
      "a frame: a request or a reply with its envelope", "\(grouped(CallLimits.frameBytes)) bytes (4 MiB)",
      "RESOURCE_EXHAUSTED, FRAME_TOO_LARGE or REPLY_TOO_LARGE; above 16 MiB the connection is closed, too",
    ],
    [
      "fields and list elements of a request, nested ones included", grouped(CallLimits.requestElements),
      malformed,
    ],
    ["levels of nested messages in a request", grouped(CallLimits.requestDepth), malformed],
    [
      "`request_id`",
      "\(range(CallLimits.requestIDCharacters)) characters, remembered for \(CallLimits.requestIDHours) h",
      malformed,
    ],
    ["all texts of a row together", "\(grouped(CallLimits.rowBytes)) bytes", invalid],
    ["an exact number as text", "\(grouped(CallLimits.numericCharacters)) characters", invalid],
    ["violations in one error", grouped(CallLimits.violations), "further violations are left out"],
  ]

  private static let lists = [
    [
      "`ListRequest.limit`: rows of a page",
      "\(range(CallLimits.pageRows)); \(CallLimits.pageRowsDefault) if absent", invalid,
    ],
    ["`ListRequest.page`", "1 to \(grouped(CallLimits.pageNumber))", invalid],
    ["`ListRequest.sort`", "\(CallLimits.sortColumns) columns", malformed],
    ["`ListRequest.search`", "\(grouped(CallLimits.searchCharacters)) characters", malformed],
    ["levels of a `Filter`", grouped(CallLimits.filterDepth), malformed],
    ["comparisons in a `Filter`", grouped(CallLimits.filterComparisons), malformed],
    ["values of one `in`", grouped(CallLimits.filterValues), malformed],
    ["rows of a report's list", grouped(CallLimits.reportRows), "further rows are left out, with a warning"],
  ]

  private static let batches = [
    ["rows of a BatchUpsert", grouped(CallLimits.batchRows), invalid],
    [
      "refused rows of a batch with their violations in the reply", grouped(CallLimits.batchErrors),
      "further rows are listed by index in `more_failed`",
    ],
    ["rows of a batch with warnings in the reply", grouped(CallLimits.batchWarnings), "further warnings are left out"],
  ]

  private static let times = [
    ["a deadline", "\(grouped(CallLimits.longestSeconds)) s", "is shortened to this"],
    ["Get, Create, Update, Delete, check-in and check-out without a deadline", "\(CallLimits.rowSeconds) s \\*", late],
    ["lists and reports without a deadline", "\(CallLimits.listSeconds) s \\*", late],
    ["BatchUpsert and Export without a deadline", "\(CallLimits.batchSeconds) s \\*", late],
    [
      "calls in flight on one connection", "\(grouped(CallLimits.callsInFlight)) \\*", "RESOURCE_EXHAUSTED, OVERLOADED",
    ],
    ["connected clients", "\(grouped(CallLimits.clients)) \\*", "the connection is closed"],
  ]

  private static let malformed = "INVALID_ARGUMENT, MALFORMED_REQUEST"
  private static let invalid = "INVALID_ARGUMENT, INVALID_VALUE"
  private static let late = "DEADLINE_EXCEEDED"

  private static func range(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }

  /// A number with commas between groups of three digits: 10,000.
  static func grouped(_ number: Int) -> String {
    var groups: [Substring] = []
    var rest = Substring(String(number))
    while rest.count > 3 {
      groups.append(rest.suffix(3))
      rest = rest.dropLast(3)
    }
    return ([rest] + groups.reversed()).joined(separator: ",")
  }
}
