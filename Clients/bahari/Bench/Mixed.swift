/// A workload that mixes reads and writes at random, nine reads to one write.
final class Mixed: RowMaking {
  let methods: [Method]
  private let reads: PreparedRequests
  private let writes: NewRows
  private var random = FastRandom()
  /// Added to the tags of writes, so that they differ from the tags of reads.
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
