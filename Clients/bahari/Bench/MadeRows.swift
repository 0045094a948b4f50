import BahariClient
import BahariFrame

/// The ids of rows that a load has made, from its replies.
struct MadeRows {
  private(set) var ids: [Int64] = []
  private let data: UInt32
  private let id: UInt32

  /// - Parameters:
  ///   - reply: the type of the replies, which have the row under `data`.
  init(_ reply: MessageType, _ row: MessageType) throws {
    guard let data = reply.field("data"), let id = row.field("id") else {
      throw Failure(.unimplemented, "\(reply.name) has no row with an id under data")
    }
    (self.data, self.id) = (data.number, id.number)
  }

  /// For ids that are known without reading replies.
  init() { (data, id) = (0, 0) }

  mutating func add(ids more: Range<Int64>) { ids += more }

  /// - Returns: whether the reply has an id.
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
