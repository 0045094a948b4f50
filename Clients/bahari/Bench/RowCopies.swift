import BahariClient
import BahariFrame

/// Encodes copies of existing rows, each with a new id and new values in the unique columns.
final class RowCopies {
  private let templates: [[UInt8]]
  private let fresh: [Fresh]
  private let data: UInt32
  private var random = FastRandom()
  private var counter: Int64

  /// A column that needs a new value in every row.
  private enum Fresh {
    case number(UInt32)
    /// A text column: its field number, and a prefix that differs from run to run.
    case text(UInt32, prefix: String)
  }

  /// - Parameters:
  ///   - method: a method whose request has the field `data` for rows.
  ///   - rows: the rows to copy.
  ///   - start: the highest existing id; the first copy gets the next one.
  init(_ target: DescribedResource, _ method: Method, rows: [Record], start: Int64) throws {
    guard let data = method.input.field("data") else {
      throw Failure(.unimplemented, "\(method.service)/\(method.name) takes no row under data")
    }
    self.data = data.number
    counter = start
    fresh = try RowCopies.fresh(target, start)
    let own = Set(target.info.columns.filter { $0.name == "id" || $0.unique }.map(\.name))
    templates = try rows.map { row in
      var copy = Record(target.row)
      for name in target.columnNames where !own.contains(name) { copy[name] = row[name] }
      return try copy.encoded()
    }
  }

  private static func fresh(_ target: DescribedResource, _ start: Int64) throws -> [Fresh] {
    try target.info.columns.filter { $0.unique || $0.name == "id" }.compactMap { column in
      // PostgreSQL assigns the ids of this table, so the copies are sent without an id.
      if column.name == "id", column.hasDefaultValue { return nil }
      guard let field = target.row.field(column.name) else { return nil }
      switch field.kind {
      case .int32, .int64: return .number(field.number)
      case .string: return .text(field.number, prefix: "b" + String(start % 1_679_616, radix: 36) + "-")
      default:
        throw Failure(
          .unimplemented, "\(target.info.name).\(column.name) is unique and of a type that bench cannot fill")
      }
    }
  }

  /// Writes the next copy as a row of a request.
  func next(to writer: WireWriter) {
    counter += 1
    writer.field(data) {
      templates[random.below(templates.count)].withUnsafeBytes { writer.append($0) }
      for column in fresh {
        switch column {
        case .number(let number): writer.field(number, varint: UInt64(bitPattern: counter))
        case .text(let number, let prefix): writer.field(number, string: prefix + String(counter, radix: 36))
        }
      }
    }
  }
}
