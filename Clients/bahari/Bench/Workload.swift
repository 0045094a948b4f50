import BahariClient
import BahariFrame

/// The requests of a load, one after another.
protocol Workload: AnyObject {
  /// What is called; a request names one by its place.
  var methods: [Method] { get }
  /// The next request; nil when there are no more.
  func next() -> LoadRequest?
  /// Told the payload of every good answer, and the tag of its request.
  ///
  /// - Returns: whether it is a right one.
  func answered(_ tag: Int, _ payload: UnsafeRawBufferPointer) throws -> Bool
}

struct LoadRequest {
  /// Among the workload's methods.
  var method = 0
  /// What the workload knows the answer by.
  var tag = 0
  /// Valid until the next one is asked for.
  var payload: UnsafeRawBufferPointer
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

  /// For ids that are known without the answers.
  init() { (data, id) = (0, 0) }

  mutating func add(ids more: Range<Int64>) { ids += more }

  /// - Returns: whether the answer tells an id.
  mutating func add(_ payload: UnsafeRawBufferPointer) throws -> Bool {
    var reply = WireReader(payload)
    while let (number, value) = try reply.next() {
      guard number == data, case .bytes(let row) = value else { continue }
      var fields = WireReader(row)
      while let (number, value) = try fields.next() {
        guard number == id, case .varint(let id) = value else { continue }
        ids.append(Int64(bitPattern: id))
        return true
      }
    }
    return false
  }
}

/// Requests made beforehand: each time one of them at random, or each once, in order.
final class PreparedRequests: Workload {
  enum Order {
    case random
    case once
  }

  let methods: [Method]
  /// Whether an answer is right for the request of that number; nil where nobody asks.
  private let check: ((Int, UnsafeRawBufferPointer) throws -> Bool)?
  private let bytes: UnsafeMutableRawBufferPointer
  private var places: [Range<Int>] = []
  private let order: Order
  private var random = FastRandom()
  private var sent = 0

  init(
    _ method: Method, _ payloads: [[UInt8]], order: Order = .random,
    check: ((Int, UnsafeRawBufferPointer) throws -> Bool)? = nil
  ) {
    methods = [method]
    self.order = order
    self.check = check
    bytes = .allocate(byteCount: payloads.reduce(1) { $0 + $1.count }, alignment: 1)
    var end = 0
    for payload in payloads {
      bytes[end..<end + payload.count].copyBytes(from: payload)
      places.append(end..<end + payload.count)
      end += payload.count
    }
  }

  deinit { bytes.deallocate() }

  func next() -> LoadRequest? {
    let index: Int
    switch order {
    case .random: index = random.below(places.count)
    case .once:
      guard sent < places.count else { return nil }
      index = sent
    }
    sent += 1
    return LoadRequest(tag: index, payload: UnsafeRawBufferPointer(rebasing: bytes[places[index]]))
  }

  func answered(_ tag: Int, _ payload: UnsafeRawBufferPointer) throws -> Bool { try check?(tag, payload) ?? true }
}

/// Nine of ten calls read, one writes.
final class Mixed: RowMaking {
  let methods: [Method]
  private let reads: PreparedRequests
  private let writes: NewRows
  private var random = FastRandom()
  /// Writes are told apart from reads by their tags, which are theirs plus this.
  private static let writesFrom = Int(Int32.max)

  init(reads: PreparedRequests, writes: NewRows) {
    (self.reads, self.writes) = (reads, writes)
    methods = reads.methods + writes.methods
  }

  var made: MadeRows { writes.made }

  func next() -> LoadRequest? {
    guard random.below(10) == 0 else { return reads.next() }
    guard let request = writes.next() else { return nil }
    return LoadRequest(method: 1, tag: request.tag + Mixed.writesFrom, payload: request.payload)
  }

  func answered(_ tag: Int, _ payload: UnsafeRawBufferPointer) throws -> Bool {
    tag < Mixed.writesFrom
      ? try reads.answered(tag, payload) : try writes.answered(tag - Mixed.writesFrom, payload)
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
