import BahariMessage
import BahariPostgres

/// A report that has been compared with the .proto files and PostgreSQL. Built once at start and shared by all shards.
package struct BoundReport: Sendable {
  let report: Report
  /// The table whose service has the report's method.
  let table: String
  /// The index of the report's table in the catalog.
  let place: Int
  let parameters: [(ReportParameter, FieldDescriptor)]
  let parts: [BoundPart]

  /// The columns of the rows in the reply's field `data`.
  var columns: [Output] { parts.first { $0.field == "data" }?.outputs ?? [] }
}

/// One statement of a report, and the reply's field that holds its rows.
struct BoundPart: Sendable {
  let field: String
  let number: UInt32
  let isRepeated: Bool
  let statement: Statement
  /// The names of the statement's parameters, in the order of $1, $2, …
  let names: [String]
  let outputs: [Output]

  /// Whether this part holds the one row that the report is about. If its statement finds none, the call gets
  /// NOT_FOUND.
  var isSubject: Bool { field == "data" && !isRepeated }

  func bound(_ values: ReportValues) -> Bound {
    var parameters = Parameters()
    for name in names { values[name].add(to: &parameters) }
    return Bound(statement, parameters)
  }
}
