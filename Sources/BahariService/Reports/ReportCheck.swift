import BahariCatalog
import BahariMessage
import BahariPostgres

/// Compares a report's literal with its messages in the .proto files and with its statements' result columns in
/// PostgreSQL.
struct ReportCheck {
  private let report: Report
  private let schema: LiveSchema
  private let resources: [Resource]
  private(set) var differences: [String] = []

  init(_ report: Report, _ schema: LiveSchema, _ resources: [Resource]) {
    self.report = report
    self.schema = schema
    self.resources = resources
  }

  /// Checks the report and returns it; nil if there are differences, in this report or in a table whose rows it
  /// returns.
  mutating func run() -> BoundReport? {
    guard let method = Descriptors.service(report.service)?.method(report.method) else {
      note("\(report.service) has no such method")
      return nil
    }
    let parameters = checkRequest(method.input)
    let parts = checkReply(method.output)
    checkNames(parts)
    let place = resources.firstIndex { $0.table.entity == report.entity }
    guard differences.isEmpty, parts.count == report.parts.count, let place else { return nil }
    return BoundReport(
      report: report, table: resources[place].table.name, place: place, parameters: parameters, parts: parts)
  }

  private mutating func note(_ text: String) {
    differences.append("\(report.entity)Service/\(report.method): \(text)")
  }

  // MARK: The request

  private mutating func checkRequest(_ request: MessageDescriptor) -> [(ReportParameter, FieldDescriptor)] {
    for field in request.fields where !report.parameters.contains(where: { $0.field == field.name }) {
      note("the report does not define \(request.name).\(field.name)")
    }
    return report.parameters.compactMap { parameter in
      guard let field = request.field(parameter.field) else {
        note("\(request.name) has no field \(parameter.field)")
        return nil
      }
      if !parameter.fits(field) {
        note("\(request.name).\(field.name) is \(field.shape), which does not fit the report")
      }
      return (parameter, field)
    }
  }

  /// Finds values that a statement uses but no parameter provides, and parameters that no statement uses.
  private mutating func checkNames(_ parts: [BoundPart]) {
    let used = Set(parts.flatMap(\.names))
    let provided = Set(report.parameters.flatMap { $0.types.keys })
    for name in used.subtracting(provided).sorted() { note("a statement uses $\(name), which is not a parameter") }
    guard parts.count == report.parts.count else { return }
    for name in provided.subtracting(used).sorted() { note("no statement uses $\(name)") }
  }

  // MARK: The reply

  private static let envelope: KeyValuePairs<String, UInt32> = [
    "response_code": 1, "response_message": 2, "message": 3, "data": 4, "warnings": 6,
  ]

  private mutating func checkReply(_ reply: MessageDescriptor) -> [BoundPart] {
    for (name, number) in ReportCheck.envelope where reply.field(name)?.number != number {
      note("\(reply.name) has no \(name) = \(number)")
    }
    let names = ReportCheck.envelope.map(\.key) + report.parts.map(\.field)
    for field in reply.fields where !names.contains(field.name) {
      note("the report does not define \(reply.name).\(field.name)")
    }
    return report.parts.compactMap { part in
      guard let field = reply.field(part.field), let row = field.message else {
        note("\(reply.name) has no message \(part.field)")
        return nil
      }
      switch part.source {
      case .sql(let text): return checkStatement(text, part, field, row)
      case .rows(let entity, let clauses): return checkRows(entity, clauses, part, field, row)
      }
    }
  }

  /// Checks a part that returns rows of a table. Its columns are not compared here: `SchemaCheck` compares those of
  /// every table.
  private mutating func checkRows(
    _ entity: String, _ clauses: String, _ part: ReportPart, _ field: FieldDescriptor, _ row: MessageDescriptor
  ) -> BoundPart? {
    // A missing table was already reported by `SchemaCheck`.
    guard let resource = resources.first(where: { $0.table.entity == entity }) else { return nil }
    if row.name != resource.table.message {
      note("\(part.field) is a \(row.name), but its rows are those of \(entity)")
    }
    let selection = resource.standard
    let (statement, names) = report.statement("SELECT \(selection.list) FROM \(selection.source) \(clauses)")
    return BoundPart(
      field: part.field, number: field.number, isRepeated: field.isRepeated, statement: statement, names: names,
      outputs: selection.outputs)
  }

  private mutating func checkStatement(
    _ text: String, _ part: ReportPart, _ field: FieldDescriptor, _ row: MessageDescriptor
  ) -> BoundPart? {
    let (statement, names) = report.statement(text)
    let columns: [LiveOutput]
    switch schema.statements[statement] {
    case .success(let found): columns = found
    case .failure(let error):
      note("PostgreSQL refuses the statement of \(part.field): \(error.message)")
      return nil
    case nil:
      note("the result columns were not read of the statement of \(part.field)")
      return nil
    }
    for field in row.fields where !columns.contains(where: { $0.name == field.name }) {
      note("\(row.name).\(field.name) is not a column of the statement")
    }
    let outputs = columns.compactMap { output($0, row) }
    return BoundPart(
      field: part.field, number: field.number, isRepeated: field.isRepeated, statement: statement, names: names,
      outputs: outputs)
  }

  private mutating func output(_ column: LiveOutput, _ row: MessageDescriptor) -> Output? {
    guard let field = row.field(column.name) else {
      note("\(row.name) has no field for the statement's column \(column.name)")
      return nil
    }
    guard let type = PostgresType(rawValue: column.typeOID), SchemaCheck.fits(field, type) else {
      let type = PostgresType(rawValue: column.typeOID).map { "\($0)" } ?? "the type \(column.typeOID)"
      note("the statement's column \(column.name) is \(type), which does not fit the message's \(field.shape)")
      return nil
    }
    return Output(name: column.name, number: field.number, type: type, holdsIDs: field.isRepeated)
  }
}

extension ReportParameter {
  fileprivate func fits(_ field: FieldDescriptor) -> Bool {
    switch kind {
    case .date, .month, .text: field.kind == .string && !field.isRepeated
    case .number: field.kind == .int32 && !field.isRepeated
    case .enumeration: field.kind == .enumeration && !field.isRepeated
    case .choices: field.kind == .string && field.isRepeated
    }
  }
}

extension FieldDescriptor {
  /// The field's type for error messages, such as "repeated int64".
  var shape: String { "\(isRepeated ? "repeated " : "")\(kind)" }
}
