import BahariClient

/// All pages of a list as one output, written as they come, so that memory stays the same however many there are.
struct AllPages {
  private var rows: RowOutput
  private var isFirst = true
  private var hasJoined = false
  /// Of the table's columns so far: they only grow.
  private var widths: [Int] = []
  private var next: String?
  private var lastCount = 0

  init(_ rows: RowOutput) { self.rows = rows }

  mutating func add(_ reply: Record) throws {
    let page = reply.records("data")
    let distances = reply.distances
    if isFirst { hasJoined = rows.hasJoined(page) }
    switch rows.format {
    case .json:
      // One array, as an export has it.
      if isFirst { rows.output.bytes.append(UInt8(ascii: "[")) }
      for (index, row) in page.enumerated() {
        if !isFirst || index > 0 { rows.output.bytes.append(UInt8(ascii: ",")) }
        rows.jsonLines([row], distances.map { [$0[index]] })
      }
    case .jsonl: rows.jsonLines(page, distances)
    case .csv: rows.csv(page, distances, withHeader: isFirst, withJoined: hasJoined)
    case .table: widths = rows.table(page, distances, withHeader: isFirst, withJoined: hasJoined, widths: widths)
    }
    RowOutput.warn(reply)
    try rows.output.flush()
    isFirst = false
    lastCount = page.count
    next = reply.records("pagination").first?.text("next_page_token")
  }

  /// Turns `request` into that of the next page; false where there is none.
  func ask(_ request: inout ListRequest) -> Bool {
    // Lists by distance go on by number: they give no token.
    guard !request.hasNear else {
      request.page = (request.hasPage ? request.page : 1) + 1
      return lastCount == request.limit
    }
    guard let next else { return false }
    request.pageToken = next
    return true
  }

  mutating func end() throws {
    if rows.format == .json { rows.output.line("]") }
    try rows.output.flush()
  }
}

extension Record {
  /// How far the rows are, in kilometres to the metre; nil where the list went by no point.
  var distances: [Double]? {
    guard case .list(let values) = self["distance_km"] else { return nil }
    return values.map { value in
      guard case .double(let distance) = value else { return .nan }
      return (distance * 1_000).rounded() / 1_000
    }
  }
}
