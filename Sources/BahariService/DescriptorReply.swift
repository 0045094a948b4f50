import BahariFrame
import BahariMessage

/// The reply of DescriptorService/Get: the messages, and what each table holds.
enum DescriptorReply {
  static func write(_ resources: [Resource], _ reports: [BoundReport], into writer: WireWriter) {
    let output = Descriptors.service("bahari.v1.DescriptorService")?.method("Get")?.output
    let shape = ReplyShape(output, message: "Deskripsi berhasil diambil")
    shape.begin(writer)
    Descriptors.withFileDescriptorSet { writer.field(shape.number("file_descriptor_set"), bytes: $0) }
    guard let resource = output?.field("resources")?.message, let column = resource.field("columns")?.message else {
      return
    }
    let fields = (FieldNumbers(resource), FieldNumbers(column))
    for resource in resources {
      writer.field(shape.number("resources")) { write(resource, fields, into: writer) }
    }
    guard let report = output?.field("reports")?.message else { return }
    for bound in reports {
      writer.field(shape.number("reports")) { write(bound, FieldNumbers(report), into: writer) }
    }
  }

  private static func write(_ bound: BoundReport, _ fields: FieldNumbers, into writer: WireWriter) {
    let report = bound.report
    let texts = [
      ("name", report.name), ("service", "bahari.v1.\(report.entity)Service"), ("method", report.method),
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

  private static func write(
    _ resource: Resource, _ fields: (resource: FieldNumbers, column: FieldNumbers), into writer: WireWriter
  ) {
    let texts = [
      ("name", resource.table.resource), ("table", resource.table.name), ("service", resource.table.service),
      ("row", resource.table.message), ("natural_key", resource.naturalKey.name),
    ]
    for (name, text) in texts { writer.field(fields.resource[name], string: text) }
    for column in resource.columns {
      writer.field(fields.resource["columns"]) { write(column, resource, fields.column, into: writer) }
    }
    for name in resource.table.search { writer.field(fields.resource["search"], string: name) }
    for name in resource.table.order { writer.field(fields.resource["sort"], string: name) }
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
  }
}
