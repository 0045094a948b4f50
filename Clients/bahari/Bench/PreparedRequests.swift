/// A workload of requests that are encoded in advance: random ones without end, or each one once in order.
final class PreparedRequests: Workload {
  enum Order {
    case random
    case once
  }

  let methods: [Method]
  /// Checks a reply, given the position of its request and the reply's bytes; nil if replies are not checked.
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
