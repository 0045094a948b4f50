import BahariClient
import BahariFrame

/// One table, and valid rows of it: another row for each number. The rows of other tables refer to row 0.
struct OutcomeTable: Sendable {
  typealias Row = [(column: String, value: OutcomeValue)]

  let resource: Bahari_V1_Resource
  /// The numbers of the row message's fields.
  private let numbers: [String: UInt32]
  /// The columns without a default that take no NULL.
  private let mandatory: [Bahari_V1_Column]
  /// The column to which writes give a text of their own, by which their effect is found.
  let mark: String
  /// Another such column, for writes that meet others in the same rows; nil if there is none.
  let second: String?
  /// Whether `mark` takes texts of any length, and `second` as well.
  let isUnlimited: (mark: Bool, second: Bool)

  /// The id of row 0. Far above those that the tables' sequences give.
  static let firstID: Int64 = 1_000_000

  var name: String { resource.table }
  var entity: String { String(resource.row.dropFirst("bahari.v1.".count)) }
  /// Whether a sequence gives the ids of new rows.
  var isSerial: Bool { resource.columns.first { $0.name == "id" }?.hasDefaultValue ?? false }
  /// The tables that mandatory columns refer to.
  var parents: Set<String> { Set(mandatory.compactMap(OutcomeTable.parent)) }

  init(_ resource: Bahari_V1_Resource, _ numbers: [String: UInt32]) throws {
    (self.resource, self.numbers) = (resource, numbers)
    mandatory = resource.columns.filter { !$0.nullable && !$0.hasDefaultValue }
    // The longest first; of equally long ones the last, since the first ones are names, which have indexes.
    let free = resource.columns.reversed().filter { column in
      !column.unique && !column.hasReferences && column.values.isEmpty && column.name != resource.naturalKey
        && (column.type == "text" || column.type == "character varying(255)")
        && !OutcomeTable.listsOfIDs.contains(column.name)
    }
    let texts = free.filter { $0.type == "text" } + free.filter { $0.type != "text" }
    guard let first = texts.first else { throw Trouble("\(resource.table) has no column for a mark") }
    mark = first.name
    second = texts.dropFirst().first?.name
    let isText = { (place: Int) in
      texts.indices.contains(place) && texts[place].type == "text" && !(place == 1 && texts[place].name == "name")
    }
    isUnlimited = (isText(0), isText(1))
  }

  /// Columns of type text whose fields are lists.
  private static let listsOfIDs: Set = ["wilayah_binaan", "target_komoditas", "peserta_kelompok"]

  private static func parent(_ column: Bahari_V1_Column) -> String? {
    column.hasReferences ? column.references.split(separator: ".").first.map(String.init) : nil
  }

  // MARK: Rows

  /// The id of a row that was put into the database before the load.
  static func id(_ number: Int) -> Int64 { firstID + Int64(number) }

  /// A complete row.
  func row(_ number: Int) -> Row { mandatory.map { ($0.name, value($0, number)) } }

  func row(_ number: Int, _ mark: OutcomeValue) -> Row {
    row(number).filter { $0.column != self.mark } + [(self.mark, mark)]
  }

  /// A column that makes row `number` one that PostgreSQL refuses, since it refers to nothing; nil if the table refers
  /// to no other.
  var dangling: (column: String, value: OutcomeValue)? {
    guard let column = mandatory.first(where: \.hasReferences) else { return nil }
    return (column.name, OutcomeTable.isNumber(column) ? .number(999_999_999) : .text("none"))
  }

  /// The natural key of a row.
  func key(_ number: Int) -> (column: String, value: OutcomeValue) {
    let column = resource.columns.first { $0.name == resource.naturalKey } ?? Bahari_V1_Column()
    return (column.name, value(column, number))
  }

  private static func isNumber(_ column: Bahari_V1_Column) -> Bool {
    column.type == "integer" || column.type == "bigint"
  }

  private func value(_ column: Bahari_V1_Column, _ number: Int) -> OutcomeValue {
    // Rows refer to row 0 of the other table by its id, or by another unique column of it.
    let number = column.hasReferences ? 0 : number
    let isKey = column.unique || column.hasReferences || column.name == "id"
    if OutcomeTable.isNumber(column) { return .number(isKey ? OutcomeTable.id(number) : Int64(1 + number % 80)) }
    switch column.type {
    case "boolean": return .number(1)
    case "double precision": return .real(1.5)
    // Different for each number, since attendance has one row per day.
    case "date": return .text("\(2000 + number / 336 % 7000)-\(two(1 + number / 28 % 12))-\(two(1 + number % 28))")
    case let type where type.hasPrefix("timestamp"): return .moment(1_767_225_600 + Int64(number))
    case let type where type.hasPrefix("numeric"): return .text("1.5")
    default: return .text(isKey ? "K\(number)" : column.values.first ?? "T")
    }
  }

  private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// Writes a row's fields.
  func write(_ row: Row, to writer: WireWriter) throws {
    for (column, value) in row {
      guard let number = numbers[column] else { throw Trouble("\(resource.row) has no field \(column)") }
      value.write(to: writer, as: number)
    }
  }

  /// SQL that inserts rows with their ids.
  func insert(_ numbers: [Int]) -> String {
    guard let first = numbers.first else { return "" }
    let columns = (["id"] + row(first).map(\.column).filter { $0 != "id" }).map { "\"\($0)\"" }
    let rows = numbers.map { number in
      let values = row(number).filter { $0.column != "id" }.map(\.value.sql)
      return "(" + (["\(OutcomeTable.id(number))"] + values).joined(separator: ", ") + ")"
    }
    return "INSERT INTO public.\(name) (\(columns.joined(separator: ", "))) VALUES \(rows.joined(separator: ",\n"));\n"
  }
}
