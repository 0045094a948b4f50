import BahariCatalog
import BahariFrame
import BahariMessage

/// Writes the reply of DescriptorService/Get: the .proto files' descriptors, and each table's and each report's
/// description.
enum DescriptorReply {
  static func write(_ resources: Resources, _ shape: ReplyShape, into writer: WireWriter) {
    Descriptors.withFileDescriptorSet { writer.field(shape.number("file_descriptor_set"), bytes: $0) }
    let (resourceNumber, fields) = (shape.number("resources"), Fields(shape.within("resources")))
    for resource in resources.all {
      writer.field(resourceNumber) { write(resource, fields, into: writer) }
    }
    let (reportNumber, reportFields) = (shape.number("reports"), shape.within("reports"))
    for report in resources.reports {
      writer.field(reportNumber) { write(report, reportFields, into: writer) }
    }
  }

  private static func write(_ bound: BoundReport, _ fields: FieldNumbers, into writer: WireWriter) {
    let report = bound.report
    let texts = [
      ("name", report.name), ("service", report.service), ("method", report.method),
      ("summary", report.summary),
    ]
    for (name, text) in texts { writer.field(fields[name], string: text) }
    let (parameters, columns) = (fields.within("parameters"), fields.within("columns"))
    for parameter in report.parameters {
      writer.field(fields["parameters"]) {
        writer.field(parameters["field"], string: parameter.field)
        writer.field(parameters["mandatory"], varint: parameter.isMandatory ? 1 : 0)
        if let fallback = parameter.fallback { writer.field(parameters["default_value"], string: fallback) }
        guard case .choices(let choices) = parameter.kind else { return }
        for choice in choices { writer.field(parameters["choices"], string: choice) }
      }
    }
    for column in bound.columns {
      writer.field(fields["columns"]) {
        writer.field(columns["name"], string: column.name)
        writer.field(columns["type"], string: "\(column.type)")
      }
    }
  }

  private static func write(_ resource: Resource, _ fields: Fields, into writer: WireWriter) {
    let (table, numbers) = (resource.table, fields.resource)
    let texts = [
      ("name", table.resource), ("table", table.name), ("service", table.service), ("row", table.message),
      ("natural_key", resource.naturalKey.name), ("old_path", table.endpoint),
    ]
    for (name, text) in texts { writer.field(numbers[name], string: text) }
    for column in resource.columns {
      writer.field(numbers["columns"]) { write(column, resource, fields.column, into: writer) }
    }
    let lists = [
      ("search", table.search), ("sort", table.order), ("rules", resource.rules), ("computed", resource.computed),
      ("hints", resource.hints), ("position", table.position.map { [$0.latitude, $0.longitude] } ?? []),
    ]
    for (name, list) in lists { for text in list { writer.field(numbers[name], string: text) } }
    for (joined, source) in zip(table.joined, resource.joinedSources) {
      writer.field(numbers["joined"]) {
        writer.field(fields.joined["name"], string: joined.field)
        for column in joined.path { writer.field(fields.joined["through"], string: column) }
        writer.field(fields.joined["source"], string: source)
      }
    }
    if !table.joined.isEmpty { writer.field(numbers["joins_by_default"], varint: table.joinsByDefault ? 1 : 0) }
  }

  private static func write(_ column: Column, _ resource: Resource, _ fields: FieldNumbers, into writer: WireWriter) {
    writer.field(fields["name"], string: column.name)
    writer.field(fields["type"], string: column.live.typeName)
    writer.field(fields["nullable"], varint: column.live.isNullable ? 1 : 0)
    if let value = column.live.defaultValue { writer.field(fields["default_value"], string: value) }
    writer.field(fields["unique"], varint: resource.live.isUnique(column.name) ? 1 : 0)
    if let key = resource.live.foreignKey(of: column.name) {
      writer.field(fields["references"], string: "\(key.target).\(key.targetColumns[0])")
    }
    for value in column.allowed ?? [] { writer.field(fields["values"], string: value) }
    guard let limits = column.limits else { return }
    for (name, limit) in [("minimum", limits.lowerBound), ("maximum", limits.upperBound)] where limit.isFinite {
      writer.field(fields[name], fixed64: limit.bitPattern)
    }
  }

  /// Field numbers of the messages that describe a table.
  private struct Fields {
    let resource, column, joined: FieldNumbers

    init(_ resource: FieldNumbers) {
      self.resource = resource
      column = resource.within("columns")
      joined = resource.within("joined")
    }
  }
}
