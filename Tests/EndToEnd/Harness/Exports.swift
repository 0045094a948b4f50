import BahariClient
import BahariFrame
import TestSupport
import Testing

/// Exports of a district with many villages, from the suite's daemon.
struct Exports {
  /// More than the buffers of daemon and kernel can hide: some 35 MB.
  private static let rows = 80_000
  private static let firstID = 2_000_000_001

  let daemon: Daemon

  init() async throws {
    daemon = try Daemon.shared
    try await daemon.sql(
      """
      INSERT INTO public.mst_desa (id, district_id, name, alt_name)
      SELECT \(Exports.firstID - 1) + n, 110201, 'Desa ' || n, repeat('laut ', 80) FROM generate_series(1, \(Exports.rows)) n
      WHERE NOT EXISTS (SELECT FROM public.mst_desa WHERE district_id = 110201);
      """)
  }

  func request() throws -> [UInt8] {
    var request = ListRequest()
    request.filter = .field("district_id", .eq, "110201")
    return try request.serializedBytes()
  }

  /// Reads an export to its end and expects every row once, in order.
  func expectAll(_ wire: Wire, from first: [Received] = []) throws {
    var next = Int64(Exports.firstID)
    var frames = first
    while true {
      let frame = try frames.isEmpty ? wire.frames(1)[0] : frames.removeFirst()
      guard !frame.isTerminal else {
        #expect(frame.header.type == .data && frame.header.flags == [.remoteClosed, .noData])
        #expect(frame.data.isEmpty)
        break
      }
      try #require(frame.header.type == .data && frame.header.flags == [])
      try #require(frame.data.count <= 65_536)
      for id in try ids(in: frame) {
        try #require(id == next)
        next += 1
      }
    }
    #expect(next == Int64(Exports.firstID + Exports.rows))
  }

  /// The ids of the rows in a frame of an export, taken by field number: there are 80,000.
  private func ids(in frame: Received) throws -> [Int64] {
    var ids: [Int64] = []
    try frame.data.withUnsafeBytes { bytes in
      var page = WireReader(bytes)
      while let (number, value) = try page.next() {
        #expect(number != 5, "an export has no pagination")
        guard number == 4, case .bytes(let row) = value else { continue }
        var columns = WireReader(row)
        guard case (1, .varint(let id))? = try columns.next() else { throw Trouble("a row without an id") }
        ids.append(Int64(bitPattern: id))
      }
    }
    return ids
  }

  /// Sessions that export. Other databases of the cluster have their own.
  static let sessions =
    "FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"

  /// Waits until exports have filled all buffers and none moves.
  func stalled(_ count: Int) async throws {
    let stopped = "\(Exports.sessions) AND query LIKE 'FETCH FORWARD%'"
    try await eventually("\(count) exports at a standstill") {
      try await daemon.sql("SELECT count(*) \(stopped) AND state_change < now() - interval '1 s'") == "\(count)"
    }
  }

  func noneRuns() async throws {
    try await eventually("the end of all exports in PostgreSQL") {
      try await daemon.sql("SELECT count(*) \(Exports.sessions)") == "0"
    }
  }
}
