import BahariFrame
import BahariMessage
import BahariPostgres

/// The operators of a filter's comparison.
enum Comparison: String, CaseIterable {
  case eq, ne, gt, gte, lt, lte, `in`, between, like, ilike
  case isNull = "is_null"

  var symbol: String {
    switch self {
    case .eq: "="
    case .ne: "<>"
    case .gt: ">"
    case .gte: ">="
    case .lt: "<"
    case .lte: "<="
    case .in, .between, .like, .ilike, .isNull: rawValue
    }
  }

  func accepts(_ count: Int) -> Bool {
    switch self {
    case .in: (1...CallLimits.filterValues).contains(count)
    case .between: count == 2
    default: count == 1
    }
  }

  var takes: String {
    switch self {
    case .in: "1 to \(CallLimits.filterValues) values"
    case .between: "2 values"
    default: "1 value"
    }
  }
}
