import BahariCatalog
import BahariPostgres

/// What a report is: a method of a table's service, what it takes, and the statements whose rows it answers with.
///
/// To add a report: its messages in `Proto/bahari/v1/laporan.proto`, its method in the table's service, a literal in
/// this folder named in `Report.all`. When the daemon starts PostgreSQL is asked what the statements bring, and that
/// is compared with the messages: a row's fields are the statement's columns, by name.
struct Report: Sendable {
  /// The table's entity, whose service has the method.
  let entity: String
  let method: String
  /// What people call it.
  let name: String
  /// One English sentence.
  let summary: String
  /// The Indonesian sentence of the reply.
  let message: String
  let parameters: [ReportParameter]
  let parts: [ReportPart]

  /// The full name of the service that has the method.
  var service: String { "bahari.v1.\(entity)Service" }

  static let all: [Report] = [.produksi, .bantuan, .coverage, .expiring, .schedule, .recap, .profile]

  /// Those whose services are among the tables'.
  static func all(of tables: [Table]) -> [Report] {
    all.filter { report in tables.contains { $0.entity == report.entity } }
  }

  static func has(_ entity: String, _ method: String) -> Bool {
    all.contains { $0.entity == entity && $0.method == method }
  }

  /// Those of the statements that are written out.
  var ownStatements: [Statement] {
    parts.compactMap { part in
      if case .sql(let text) = part.source { return statement(text).statement }
      return nil
    }
  }

  /// The type of a name that statements use; nil for one that no parameter explains.
  func type(of name: String) -> PostgresType? {
    parameters.lazy.compactMap { $0.types[name] }.first
  }

  /// `text` with `$name` for values, as PostgreSQL takes it.
  func statement(_ text: String) -> (statement: Statement, names: [String]) {
    var (sql, names): (String, [String]) = ("", [])
    var rest = text[...]
    while let dollar = rest.firstIndex(of: "$") {
      sql += rest[..<dollar]
      let name = String(rest[rest.index(after: dollar)...].prefix { $0.isLetter || $0.isNumber || $0 == "_" })
      if !names.contains(name) { names.append(name) }
      sql += "$\((names.firstIndex(of: name) ?? 0) + 1)"
      rest = rest[dollar...].dropFirst(name.count + 1)
    }
    sql += "\(rest) LIMIT \(ServiceLimits.reportRows + 1)"
    return (Statement(sql, names.map { type(of: $0)?.rawValue ?? 0 }), names)
  }
}

/// A field of a report's request.
struct ReportParameter: Sendable {
  enum Kind: Sendable {
    /// A day; not before the one of another parameter.
    case date(notBefore: String? = nil)
    /// YYYY-MM; statements have its first day.
    case month
    case number(ClosedRange<Int32>)
    case text
    /// The number of an enumeration's value.
    case enumeration
    /// Any of a closed list, repeated. Statements have a Boolean for each: $field_choice.
    case choices([String])
  }

  let field: String
  let kind: Kind
  var isMandatory = false
  /// What holds when it is absent: a number, or choices separated by commas.
  var fallback: String?

  static func id(_ field: String, isMandatory: Bool = false) -> ReportParameter {
    ReportParameter(field: field, kind: .number(0...Int32.max), isMandatory: isMandatory)
  }

  /// A first and a last day.
  static let span = [
    ReportParameter(field: "date_from", kind: .date(), isMandatory: true),
    ReportParameter(field: "date_to", kind: .date(notBefore: "date_from"), isMandatory: true),
  ]

  /// The names that statements have for its values, with their types.
  var types: [String: PostgresType] {
    switch kind {
    case .date, .month: [field: .date]
    case .number, .enumeration: [field: .int4]
    case .text: [field: .text]
    case .choices(let choices): Dictionary(uniqueKeysWithValues: choices.map { ("\(field)_\($0)", .bool) })
    }
  }
}

/// A field of a report's reply, and the statement that fills it.
struct ReportPart: Sendable {
  enum Source: Sendable {
    /// A statement whose columns are the fields of the message.
    case sql(String)
    /// Rows as the table's Get brings them; the clauses that follow FROM, where the table is `t`.
    case rows(of: String, String)
  }

  let field: String
  let source: Source

  init(_ field: String, _ source: Source) { (self.field, self.source) = (field, source) }

  init(_ source: Source) { self.init("data", source) }
}
