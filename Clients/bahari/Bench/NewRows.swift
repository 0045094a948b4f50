import BahariClient
import BahariFrame

/// Creates: copies of rows that are there.
final class NewRows: RowMaking {
  let methods: [Method]
  private(set) var made: MadeRows
  private let copies: RowCopies
  /// The number of request_id, where each request is to carry one.
  private let requestID: UInt32?
  private let run = RequestID.random()
  private let writer = WireWriter()
  private var sent = 0

  /// - Parameters:
  ///   - rows: Rows to copy.
  ///   - start: A number above every id.
  ///   - named: Each request carries a request_id.
  init(_ target: Target, _ method: Method, rows: [Record], start: Int64, named: Bool) throws {
    methods = [method]
    made = try MadeRows(method.output, target.row)
    copies = try RowCopies(target, method, rows: rows, start: start)
    requestID = named ? method.input.field("request_id")?.number : nil
  }

  func next() -> LoadRequest? {
    writer.removeAll()
    copies.next(to: writer)
    if let requestID { writer.field(requestID, string: run + String(sent, radix: 36)) }
    sent += 1
    return LoadRequest(payload: writer.bytes)
  }

  func answered(_ tag: Int, _ payload: UnsafeRawBufferPointer) throws -> Bool { try made.add(payload) }
}

/// Copies of rows that are there, each with an id and unique values of its own.
final class RowCopies {
  private let templates: [[UInt8]]
  private let fresh: [Fresh]
  private let data: UInt32
  private var random = FastRandom()
  private var counter: Int64

  /// A column whose value must be like no other row's.
  private enum Fresh {
    case number(UInt32)
    /// Starts with the text, which keeps apart what two runs make.
    case text(UInt32, prefix: String)
  }

  /// - Parameters:
  ///   - method: Takes the rows under `data`.
  ///   - rows: Rows to copy.
  ///   - start: A number above every id; the first copy has the next one.
  init(_ target: Target, _ method: Method, rows: [Record], start: Int64) throws {
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

  private static func fresh(_ target: Target, _ start: Int64) throws -> [Fresh] {
    try target.info.columns.filter { $0.unique || $0.name == "id" }.compactMap { column in
      // PostgreSQL numbers the row itself.
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

  /// Adds a request's row.
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
