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

/// Requests that make rows, which are to be deleted afterwards.
protocol RowMaking: Workload {
  var made: MadeRows { get }
}

/// The ids of the rows that answers tell.
struct MadeRows {
  private(set) var ids: [Int64] = []
  private let data: UInt32
  private let id: UInt32

  /// - Parameters:
  ///   - reply: The message that has the row under `data`.
  init(_ reply: MessageType, _ row: MessageType) throws {
    guard let data = reply.field("data"), let id = row.field("id") else {
      throw Failure(.unimplemented, "\(reply.name) tells no id of a row under data")
    }
    (self.data, self.id) = (data.number, id.number)
  }

  mutating func add(_ payload: UnsafeRawBufferPointer) throws {
    var reply = WireReader(payload)
    while let (number, value) = try reply.next() {
      guard number == data, case .bytes(let row) = value else { continue }
      var fields = WireReader(row)
      while let (number, value) = try fields.next() {
        if number == id, case .varint(let id) = value { return ids.append(Int64(bitPattern: id)) }
      }
    }
  }
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
