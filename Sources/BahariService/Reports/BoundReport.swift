import BahariMessage
import BahariPostgres

/// A report that has been compared with the .proto files and PostgreSQL. Built once at start and shared by all shards.
package struct BoundReport: Sendable {
  let report: Report
  /// The table whose service has the method.
  let table: String
  /// The table's place in the catalog.
  let place: Int
  let parameters: [(ReportParameter, FieldDescriptor)]
  let parts: [BoundPart]

  /// The columns of the reply's `data` rows.
  var columns: [Output] { parts.first { $0.field == "data" }?.outputs ?? [] }
}

/// One statement of a report, and the reply's field that holds its rows.
struct BoundPart: Sendable {
  let field: String
  let number: UInt32
  let isRepeated: Bool
  let statement: Statement
  /// The names of the statement's parameters: the value named first is bound to $1.
  let names: [String]
  let outputs: [Output]

  /// Whether this part is the row that the report is about, so that NOT_FOUND is returned if the statement finds none.
  var isSubject: Bool { field == "data" && !isRepeated }

  func bound(_ values: ReportValues) -> Bound {
    var parameters = Parameters()
    for name in names { values[name].add(to: &parameters) }
    return Bound(statement, parameters)
  }
}
