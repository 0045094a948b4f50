import BahariClient

/// Writes all pages of a list as one output. Each page is written when it arrives, so that memory use does not grow.
struct AllPages {
  private var rows: RowOutput
  /// Whether the next page is the first of its resource.
  private var isFirst = true
  /// Whether no row has been written yet.
  private var isEmpty = true
  private var hasJoined = false
  /// The column widths of the table that the next page continues.
  private var fit: TableText.Fit?
  private var next: String?
  private var lastCount = 0

  init(_ rows: RowOutput) { self.rows = rows }

  mutating func add(_ reply: Record) throws {
    try add(reply.records("data"), reply.distances)
    RowOutput.warn(reply)
    next = reply.records("pagination").first?.text("next_page_token")
  }

  mutating func add(_ page: [Record], _ distances: [Double]? = nil) throws {
    if isFirst { hasJoined = rows.hasJoined(page) }
    switch rows.format {
    case .json:
      // All rows form one JSON array, as in the output of `bahari export`.
      for (index, row) in page.enumerated() {
        rows.output.bytes.append(UInt8(ascii: isEmpty && index == 0 ? "[" : ","))
        rows.jsonLines([row], distances.map { [$0[index]] })
      }
    case .jsonl: rows.jsonLines(page, distances)
    case .csv: rows.csv(page, distances, withHeader: isFirst, withJoined: hasJoined)
    case .name: try rows.names(page)
    case .table, .wide:
      fit = rows.table(page, distances, withHeader: isFirst, withJoined: hasJoined, before: fit)
    }
    try rows.output.flush()
    isFirst = false
    if !page.isEmpty { isEmpty = false }
    lastCount = page.count
  }

  /// If `rows` is for another resource, uses it for the pages that follow, which begin with a new header.
  mutating func turn(to rows: RowOutput) {
    guard rows.target.info.name != self.rows.target.info.name else { return }
    self.rows = rows
    if !isFirst, rows.format == .table || rows.format == .wide { self.rows.output.line("") }
    isFirst = true
    fit = nil
  }

  /// Changes `request` to request the next page.
  ///
  /// - Returns: false if there is no next page.
  func advance(_ request: inout ListRequest) -> Bool {
    // A list by distance has no page tokens, so the page number is increased.
    guard !request.hasNear else {
      request.page = (request.hasPage ? request.page : 1) + 1
      return lastCount == request.limit
    }
    guard let next else { return false }
    request.pageToken = next
    return true
  }

  mutating func end() throws {
    if rows.format == .json { rows.output.line(isEmpty ? "[]" : "]") }
    try rows.output.flush()
  }
}

extension Record {
  /// The distances of the rows in kilometres, rounded to the metre; nil if the list is not by distance.
  var distances: [Double]? {
    guard case .list(let values) = self["distance_km"] else { return nil }
    return values.map { value in
      guard case .double(let distance) = value else { return .nan }
      return (distance * 1_000).rounded() / 1_000
    }
  }
}
