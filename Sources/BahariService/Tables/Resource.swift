import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres

/// A column that callers write and read: its field in the row message and its type in PostgreSQL.
package struct Column: Sendable {
  let name: String
  let field: FieldDescriptor
  let type: PostgresType
  package let live: LiveColumn
  let limits: ClosedRange<Double>?
  /// The only values it may have, where its list is closed.
  let allowed: [String]?
  /// The name as it stands in statements.
  let quoted: String
  /// The column of the table as `t`.
  let subject: String

  init(
    name: String, field: FieldDescriptor, type: PostgresType, live: LiveColumn, limits: ClosedRange<Double>?,
    allowed: [String]? = nil
  ) {
    self.allowed = allowed
    self.name = name
    self.field = field
    self.type = type
    self.live = live
    self.limits = limits
    quoted = SQL.quote(name)
    subject = "t." + quoted
  }

  /// The same column as another message has it; nil where that has none.
  func within(_ message: MessageDescriptor) -> Column? {
    message.field(name).map {
      Column(name: name, field: $0, type: type, live: live, limits: limits, allowed: allowed)
    }
  }

  /// An id as a value of this column; nil for one that the column's type cannot hold.
  func value(ofID id: Int64) -> Value? { type == .int4 ? Int32(exactly: id).map { .int32($0) } : .int64(id) }

  /// A list of ids, which the table has as a JSON array in a text.
  var holdsIDs: Bool { field.isRepeated }

  /// Must be given where a row is made.
  var isMandatory: Bool { !live.isNullable && live.defaultValue == nil }
}

/// A value that a query brings and a row message takes: a column, the version, or a joined name.
struct Output: Sendable {
  let name: String
  let number: UInt32
  let type: PostgresType
  /// A text that is served as a list of ids.
  let holdsIDs: Bool

  init(name: String, number: UInt32, type: PostgresType, holdsIDs: Bool = false) {
    (self.name, self.number, self.type, self.holdsIDs) = (name, number, type, holdsIDs)
  }

  init(_ column: Column) {
    self.init(name: column.name, number: column.field.number, type: column.type, holdsIDs: column.holdsIDs)
  }
}

/// A way to select a table's rows: what comes, and from where.
struct Selection: Sendable {
  let outputs: [Output]
  /// "t.id, t.name, …, t.xmin"
  let list: String
  /// "public.mst_desa AS t", with its joins
  let source: String
}

/// A table as it is served: the catalog's literal, the .proto's messages and PostgreSQL's constraints,
/// compared and put together once, then read by every shard.
package final class Resource: Sendable {
  package let table: Table
  package let live: LiveTable
  package let columns: [Column]
  let key: Column
  let naturalKey: Column
  /// The name as it stands in statements, with its schema.
  let qualified: String
  /// Without joined names: what writes return.
  let plain: Selection
  /// With joined names.
  let related: Selection
  /// How rows are sorted where nobody says.
  let order: SortOrder
  let replies: ReplyShapes
  /// Rows that a delete would take along.
  let cascades: Cascades
  let search: SearchSQL
  /// What PostgreSQL checks of a row that is written.
  let guards: [Guard]
  let relatedHints: [RelatedHint]
  /// table.column that each joined name comes from, in their order.
  let joinedSources: [String]

  /// Puts `table` together with what PostgreSQL has, or says everything that does not fit.
  static func bind(_ table: Table, _ schema: LiveSchema) -> Result<Resource, SchemaDifferences> {
    var check = SchemaCheck(table, schema)
    guard let parts = check.run() else { return .failure(SchemaDifferences(check.differences)) }
    return .success(Resource(parts, schema))
  }

  private init(_ parts: SchemaCheck.Parts, _ schema: LiveSchema) {
    table = parts.table
    live = parts.live
    columns = parts.columns
    key = parts.key
    naturalKey = parts.naturalKey
    qualified = SQL.table(parts.table.name)
    plain = SQL.selection(parts, schema, joins: false)
    related = SQL.selection(parts, schema, joins: true)
    order = SortOrder(parts.table.order, of: parts.table.name, parts.columns, key: parts.key)
    replies = ReplyShapes(parts.service, table)
    cascades = Cascades(of: parts.table.name, key: parts.key, schema)
    search = SearchSQL(parts, schema)
    guards = Guard.all(parts, schema)
    relatedHints = RelatedHint.all(parts)
    joinedSources = parts.table.joined.map { joined in
      let keys = try? schema.path(from: parts.table.name, through: joined.path).get()
      return "\(keys?.last?.target ?? parts.table.name).\(joined.column)"
    }
  }

  /// What Get, List and Export bring.
  var standard: Selection { table.joinsByDefault ? related : plain }

  func column(_ name: String) -> Column? { columns.first { $0.name == name } }

  /// The table that `column` refers to, for a sentence.
  func target(of column: String) -> String { live.foreignKey(of: column)?.target ?? "its table" }

  var columnNames: String { columns.map(\.name).joined(separator: ", ") }

  /// Which outputs a caller wants; nil, for all, when it names none.
  func choose(_ names: [String], from outputs: [Output]) throws(Status) -> [Bool]? {
    guard !names.isEmpty else { return nil }
    for (index, name) in names.enumerated() where !outputs.contains(where: { $0.name == name }) {
      throw .malformed(
        "\(table.name) has no column \(name.debugDescription); it has \(outputs.map(\.name).joined(separator: ", "))",
        field: "fields[\(index)]", reason: FieldViolation.unknownReason)
    }
    return outputs.map { names.contains($0.name) }
  }
}

/// The fixed parts of a service's replies, made once.
struct ReplyShapes: Sendable {
  let get, list, listWithRelations, create, update, delete, batch, export, checkIn, checkOut: ReplyShape

  init(_ service: ServiceDescriptor, _ table: Table) {
    let label = table.resource.replacing("_", with: " ")
    func shape(_ method: String, _ message: String) -> ReplyShape {
      ReplyShape(service.method(method)?.output, message: message)
    }
    get = shape("Get", "Data \(label) berhasil diambil")
    list = shape("List", "Daftar \(label) berhasil diambil")
    listWithRelations = shape("ListWithRelations", "Daftar \(label) berhasil diambil")
    create = shape("Create", "Data \(label) berhasil dibuat")
    update = shape("Update", "Data \(label) berhasil diperbarui")
    delete = shape("Delete", "Data \(label) berhasil dihapus")
    checkIn = shape("CheckIn", "Check-in berhasil")
    checkOut = shape("CheckOut", "Check-out berhasil")
    batch = shape("BatchUpsert", "Data \(label) berhasil disimpan")
    export = shape("Export", "Daftar \(label) berhasil diambil")
  }
}

/// A reply message's field numbers, from its descriptor, and the bytes every success begins with.
struct ReplyShape: Sendable {
  let head: [UInt8]
  private let numbers: [String: UInt32]
  let data: UInt32
  let warnings: UInt32

  init(_ descriptor: MessageDescriptor?, message: String) {
    let fields = descriptor?.fields ?? []
    let numbers = Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.number) })
    self.numbers = numbers
    data = numbers["data"] ?? 0
    warnings = numbers["warnings"] ?? 0
    let writer = WireWriter()
    for (name, text) in [("response_code", "2000000"), ("response_message", "Success"), ("message", message)] {
      if let number = numbers[name] { writer.field(number, string: text) }
    }
    head = Array(writer.bytes)
  }

  /// The number of a field that the message is known to have.
  func number(_ name: String) -> UInt32 {
    guard let number = numbers[name] else { preconditionFailure("the reply has no field \(name)") }
    return number
  }

  /// How far the rows of `data` are, one number for each.
  func write(_ distances: [Double], into writer: WireWriter) {
    writer.field(number("distance_km")) {
      for distance in distances {
        withUnsafeBytes(of: distance.bitPattern.littleEndian) { writer.append($0) }
      }
    }
  }

  func begin(_ writer: WireWriter) {
    writer.removeAll()
    head.withUnsafeBytes { writer.append($0) }
  }
}
