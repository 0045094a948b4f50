import BahariCatalog
import BahariFrame
import BahariPostgres

/// The definition of a report: a method of a table's service, its parameters, and the statements whose rows it returns.
///
/// To add a report: declare its messages in `Proto/bahari/v1/laporan.proto` and its method in the table's service, and
/// define a constant in this folder that is listed in `Report.all`. When the daemon starts, it asks PostgreSQL for the
/// statements' result columns and compares them with the messages: each column needs a field of the same name, and each
/// field a column.
struct Report: Sendable {
  /// The entity of the table whose service has the method, such as Absensi.
  let entity: String
  let method: String
  /// The report's name on the command line, as in `bahari report absensi`.
  let name: String
  /// One English sentence, for the list of reports.
  let summary: String
  /// The Indonesian sentence in the field `message` of the reply.
  let message: String
  let parameters: [ReportParameter]
  let parts: [ReportPart]

  /// The full name of the service that has the report's method, such as bahari.v1.AbsensiService.
  var service: String { "bahari.v1.\(entity)Service" }

  static let all: [Report] = [.produksi, .bantuan, .coverage, .expiring, .schedule, .recap, .profile]

  /// The reports whose table is one of `tables`.
  static func all(of tables: [Table]) -> [Report] {
    all.filter { report in tables.contains { $0.entity == report.entity } }
  }

  static func has(_ entity: String, _ method: String) -> Bool {
    all.contains { $0.entity == entity && $0.method == method }
  }

  /// The statements that the report writes as SQL. Parts that read a table's rows are left out, because `SchemaCheck`
  /// compares their columns.
  var ownStatements: [Statement] {
    parts.compactMap { part in
      if case .sql(let text) = part.source { return statement(text).statement }
      return nil
    }
  }

  /// The type of the value named `$name` in statements; nil if no parameter has this name.
  func type(of name: String) -> PostgresType? {
    parameters.lazy.compactMap { $0.types[name] }.first
  }

  /// Replaces each `$name` in `text` with PostgreSQL's $1, $2, … and returns the names in this order. The statement
  /// reads one row more than a reply may have; if it finds this row, the reply warns that rows are left out.
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
    sql += "\(rest) LIMIT \(CallLimits.reportRows + 1)"
    return (Statement(sql, names.map { type(of: $0)?.rawValue ?? 0 }), names)
  }
}

/// A field of a report's request.
struct ReportParameter: Sendable {
  enum Kind: Sendable {
    /// A day as YYYY-MM-DD. It must not be before the day in the parameter `notBefore`, if that is given.
    case date(notBefore: String? = nil)
    /// A month as YYYY-MM; statements get its first day.
    case month
    case number(ClosedRange<Int32>)
    case text
    /// A value of a protobuf enumeration; statements get its number.
    case enumeration
    /// A repeated field whose values come from this list. Statements get a Boolean for each value of the list, named
    /// $field_value, such as $group_by_bulan.
    case choices([String])
  }

  let field: String
  let kind: Kind
  var isMandatory = false
  /// The default if the field is absent: a number, or choices separated by commas.
  var fallback: String?

  static func id(_ field: String, isMandatory: Bool = false) -> ReportParameter {
    ReportParameter(field: field, kind: .number(0...Int32.max), isMandatory: isMandatory)
  }

  /// Two parameters for a range of days, of which the first and the last day are included.
  static let span = [
    ReportParameter(field: "date_from", kind: .date(), isMandatory: true),
    ReportParameter(field: "date_to", kind: .date(notBefore: "date_from"), isMandatory: true),
  ]

  /// The names by which statements refer to the parameter's values, with the types of the values.
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
    /// SQL text. The statement's result columns have the names of the message's fields.
    case sql(String)
    /// Rows of a table, with the same columns as in the replies of the table's Get. The text holds the clauses after
    /// FROM; the table has the alias `t`.
    case rows(of: String, String)
  }

  let field: String
  let source: Source

  init(_ field: String, _ source: Source) { (self.field, self.source) = (field, source) }

  init(_ source: Source) { self.init("data", source) }
}
