import BahariClient
import BahariFrame

/// The requests of a load, one after another.
protocol Workload: AnyObject {
  var service: String { get }
  var method: String { get }
  /// The next request's payload, valid until the next call; nil when there are no more.
  func next() -> UnsafeRawBufferPointer?
  /// Told the payload of every good answer.
  func answered(_ payload: UnsafeRawBufferPointer) throws
}

/// Requests made beforehand: each time one of them at random, or each once, in order.
final class PreparedRequests: Workload {
  enum Order {
    case random
    case once
  }

  let service: String
  let method: String
  private let bytes: UnsafeMutableRawBufferPointer
  private var places: [Range<Int>] = []
  private let order: Order
  private var random = FastRandom()
  private var sent = 0

  init(_ method: Method, _ payloads: [[UInt8]], order: Order = .random) {
    service = method.service
    self.method = method.name
    self.order = order
    bytes = .allocate(byteCount: payloads.reduce(1) { $0 + $1.count }, alignment: 1)
    var end = 0
    for payload in payloads {
      bytes[end..<end + payload.count].copyBytes(from: payload)
      places.append(end..<end + payload.count)
      end += payload.count
    }
  }

  deinit { bytes.deallocate() }

  func next() -> UnsafeRawBufferPointer? {
    let index: Int
    switch order {
    case .random: index = random.below(places.count)
    case .once:
      guard sent < places.count else { return nil }
      index = sent
    }
    sent += 1
    return UnsafeRawBufferPointer(rebasing: bytes[places[index]])
  }

  func answered(_ payload: UnsafeRawBufferPointer) {}
}

/// Creates: copies of rows that are there, each with an id and unique values of its own.
final class NewRows: Workload {
  let service: String
  let method: String
  /// The ids of the rows that were made.
  private(set) var made: [Int64] = []
  private let templates: [[UInt8]]
  private let fresh: [Fresh]
  private let requestData: UInt32
  /// The number of request_id, where each request is to carry one.
  private let requestID: UInt32?
  private let run = RequestID.random()
  private let replyData: UInt32
  private let replyID: UInt32
  private let writer = WireWriter()
  private var random = FastRandom()
  private var counter: Int64

  /// A column whose value must be like no other row's.
  private enum Fresh {
    case number(UInt32)
    /// Starts with the text, which keeps apart what two runs make.
    case text(UInt32, prefix: String)
  }

  /// - Parameters:
  ///   - rows: Rows to copy.
  ///   - start: A number above every id.
  ///   - named: Each request carries a request_id.
  init(
    _ target: Target, _ method: Method, reply: MessageType, rows: [Record], start: Int64, named: Bool
  ) throws {
    guard let data = method.input.field("data"), let answer = reply.field("data"), let id = target.row.field("id")
    else { throw Failure(.unimplemented, "\(method.service)/\(method.name) takes no row under data") }
    service = method.service
    self.method = method.name
    requestData = data.number
    requestID = named ? method.input.field("request_id")?.number : nil
    replyData = answer.number
    replyID = id.number
    counter = start
    fresh = try NewRows.fresh(target, start)
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

  func next() -> UnsafeRawBufferPointer? {
    counter += 1
    writer.removeAll()
    writer.field(requestData) {
      templates[random.below(templates.count)].withUnsafeBytes { writer.append($0) }
      for column in fresh {
        switch column {
        case .number(let number): writer.field(number, varint: UInt64(bitPattern: counter))
        case .text(let number, let prefix): writer.field(number, string: prefix + String(counter, radix: 36))
        }
      }
    }
    if let requestID { writer.field(requestID, string: run + String(counter, radix: 36)) }
    return writer.bytes
  }

  func answered(_ payload: UnsafeRawBufferPointer) throws {
    var reply = WireReader(payload)
    while let (number, value) = try reply.next() {
      guard number == replyData, case .bytes(let row) = value else { continue }
      var fields = WireReader(row)
      while let (number, value) = try fields.next() {
        if number == replyID, case .varint(let id) = value { return made.append(Int64(bitPattern: id)) }
      }
    }
  }
}

/// Random numbers that cost less than what they are to measure. Not for secrets.
struct FastRandom {
  private var state = UInt64.random(in: 1...UInt64.max)

  /// From 0 to `bound` - 1.
  mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int((state &* 0x2545_f491_4f6c_dd1d).multipliedFullWidth(by: UInt64(bound)).high)
  }
}
