import BahariFrame
import BahariMessage
import BahariPostgres

/// The validated values of a report's request, by the names under which the report's statements use them.
struct ReportValues {
  private(set) var values: [String: Value] = [:]
  private var violations: [FieldViolation] = []
  private let request: Message

  /// Validates the request. If it is invalid, throws a status that lists all violations.
  init(_ request: Message, _ report: BoundReport) throws(Status) {
    self.request = request
    for (parameter, field) in report.parameters { take(parameter, field) }
    for case (let parameter, _) in report.parameters { checkOrder(parameter) }
    guard violations.isEmpty else { throw .invalid(violations, table: report.table) }
  }

  subscript(name: String) -> Value { values[name] ?? .null }

  private mutating func take(_ parameter: ReportParameter, _ field: FieldDescriptor) {
    guard request.has(field) || parameter.fallback != nil else {
      if parameter.isMandatory { violations.append(.missing(parameter.field)) }
      return
    }
    let isGiven = request.has(field)
    switch parameter.kind {
    case .date: takeDay(parameter, request.string(field) ?? "", "", "a day as YYYY-MM-DD")
    case .month: takeDay(parameter, request.string(field) ?? "", "-01", "a month as YYYY-MM")
    case .number(let range):
      let number = isGiven ? request.int32(field) : parameter.fallback.flatMap { Int32($0) } ?? 0
      values[parameter.field] = .int32(number)
      if !range.contains(number) {
        refuse(parameter.field, "OUT_OF_RANGE", "must be from \(range.lowerBound) to \(range.upperBound)")
      }
    case .text: values[parameter.field] = .text(Array((request.string(field) ?? "").utf8))
    case .enumeration:
      values[parameter.field] = .int32(request.int32(field))
      if !field.isDefined(request.int32(field)) {
        refuse(parameter.field, "MALFORMED", "is not a value of this enumeration")
      }
    case .choices(let choices):
      takeChoices(parameter, choices, isGiven ? request.strings(field) : parameter.fallbackChoices)
    }
  }

  private mutating func takeDay(_ parameter: ReportParameter, _ text: String, _ rest: String, _ what: String) {
    let day = Array((text + rest).utf8)
    guard day.withUnsafeBytes(BinaryDate.isDate) else { return refuse(parameter.field, "MALFORMED", "must be \(what)") }
    values[parameter.field] = .text(day)
  }

  private mutating func takeChoices(_ parameter: ReportParameter, _ choices: [String], _ wanted: [String]) {
    for (index, name) in wanted.enumerated() where !choices.contains(name) {
      refuse("\(parameter.field)[\(index)]", "MALFORMED", "must be one of \(choices.joined(separator: ", "))")
    }
    for choice in choices { values["\(parameter.field)_\(choice)"] = .bool(wanted.contains(choice)) }
  }

  /// Adds a violation if the parameter's day is before the day of its parameter `notBefore`. Days are written
  /// YYYY-MM-DD, so comparing their bytes compares the days.
  private mutating func checkOrder(_ parameter: ReportParameter) {
    guard case .date(let first?) = parameter.kind, case .text(let from)? = values[first],
      case .text(let to)? = values[parameter.field], to.lexicographicallyPrecedes(from)
    else { return }
    refuse(parameter.field, "OUT_OF_RANGE", "must not be before \(first)")
  }

  private mutating func refuse(_ field: String, _ reason: String, _ description: String) {
    violations.append(.wrong(field, reason, description))
  }
}

extension ReportParameter {
  var fallbackChoices: [String] { (fallback ?? "").split(separator: ",").map(String.init) }
}
