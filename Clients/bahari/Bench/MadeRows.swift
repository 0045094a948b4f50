import BahariClient
import BahariFrame

/// Collects the ids of the rows that a load has created.
struct MadeRows {
  private(set) var ids: [Int64] = []
  private let data: UInt32
  private let id: UInt32

  /// - Parameters:
  ///   - reply: the type of the replies, which contain the created row in the field `data`.
  ///   - row: the type of that row.
  init(_ reply: MessageType, _ row: MessageType) throws {
    guard let data = reply.field("data"), let id = row.field("id") else {
      throw Failure(.unimplemented, "\(reply.name) has no row with an id under data")
    }
    (self.data, self.id) = (data.number, id.number)
  }

  /// Starts without a reply type, for ids that are known without reading replies and are added by `add(ids:)`.
  init() { (data, id) = (0, 0) }

  mutating func add(ids more: Range<Int64>) { ids += more }

  /// - Returns: whether the reply contains an id, which is then added.
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
