import BahariMessage
import BahariPostgres

/// A report as it is served: compared with the .proto and PostgreSQL once, then read by every shard.
package struct BoundReport: Sendable {
  let report: Report
  /// The table whose service has the method.
  let table: String
  /// The table's place in the catalog.
  let place: Int
  let parameters: [(ReportParameter, FieldDescriptor)]
  let parts: [BoundPart]

  /// What the rows of data are made of.
  var columns: [Output] { parts.first { $0.field == "data" }?.outputs ?? [] }
}

/// A statement of a report, and the field that its rows go to.
struct BoundPart: Sendable {
  let field: String
  let number: UInt32
  let isRepeated: Bool
  let statement: Statement
  /// Whose values the statement's parameters take, in their order.
  let names: [String]
  let outputs: [Output]

  /// Without it there is nothing to report on.
  var isSubject: Bool { field == "data" && !isRepeated }

  func bound(_ values: ReportValues) -> Bound {
    var parameters = Parameters()
    for name in names { values[name].add(to: &parameters) }
    return Bound(statement, parameters)
  }
}
