import BahariClient
import BahariFrame
import Synchronization
import TestSupport
import Testing

/// Rows that tests make up, under the district that `Regions` has.
enum Rows {
  static func desa(_ id: Int64, district: Int64 = 110_101) -> Bahari_V1_Desa {
    var row = Bahari_V1_Desa()
    (row.id, row.districtID, row.name) = (id, district, "Desa \(id)")
    return row
  }

  static func create(_ stream: UInt32, _ row: Bahari_V1_Desa) throws -> [UInt8] {
    var request = Bahari_V1_CreateDesaRequest()
    request.data = row
    return Bytes.request(stream, "Desa/Create", try request.serializedBytes())
  }

  /// Client streams: 1, 3, 5, …
  static func streams(_ count: Int) -> [UInt32] { (0..<count).map { UInt32($0 * 2 + 1) } }
}

enum Employees {
  /// Employees of NIP 1, 2, 3 and so on.
  static func sql(_ count: Int) -> String {
    """
    INSERT INTO public.mst_role (level_role, nama_role) VALUES ('1', 'Penyuluh');
    INSERT INTO public.mst_organisasi (level_organisasi, kode_organisasi, nama_organisasi) VALUES ('1', 'D', 'Dinas');
    INSERT INTO public.mst_pegawai (nip, nama, email, jabatan, organisasi_id, role_id)
      SELECT n, 'Pegawai ' || n, n, 'Penyuluh', 1, 1 FROM generate_series(1, \(count)) n;
    """
  }
}

/// Many calls in one write, each of which must get its own answer, whatever the daemon's options are.
struct Bursts {
  let daemon: Daemon

  /// Gets in one write, each third of an id that does not exist.
  func gets(_ count: Int = 200, _ location: SourceLocation = #_sourceLocation) throws {
    let wire = try daemon.connect()
    let streams = Rows.streams(count)
    let id = { (stream: UInt32) -> Int64 in
      let number = Int64(stream / 2)
      return number % 3 == 2 ? 9_000_000_000 + number : 1_101_010_001 + number % 25
    }
    try wire.send(streams.flatMap { Bytes.request($0, "Desa/Get", Bytes.get(id($0))) })
    for (stream, answer) in try wire.answers(to: streams) {
      if id(stream) >= 9_000_000_000 {
        let status = try #require(try answer.status, sourceLocation: location)
        #expect(status.code == .notFound, sourceLocation: location)
        #expect(status.message.contains("id \(id(stream))"), "\(status.message)", sourceLocation: location)
      } else {
        let row = try answer.message(Bahari_V1_DesaReply.self).data
        #expect(row.id == id(stream) && row.name == "Desa \(id(stream) % 100)", sourceLocation: location)
      }
    }
  }

  /// 16 creates in one write, one of which has to fail. Exactly the other rows exist afterwards.
  func creates(
    from first: Int64, failing place: Int, _ fault: Fault, _ location: SourceLocation = #_sourceLocation
  ) async throws {
    let wire = try daemon.connect()
    let streams = Rows.streams(16)
    var rows = (0..<16).map { Rows.desa(first + Int64($0)) }
    switch fault {
    case .taken: rows[place].id = 1_101_010_001
    case .noParent: rows[place].districtID = 999_999
    }
    try wire.send(try zip(streams, rows).flatMap { try Rows.create($0, $1) })
    let answers = try wire.answers(to: streams)
    for (index, stream) in streams.enumerated() {
      let answer = try #require(answers[stream], sourceLocation: location)
      if index == place {
        let status = try #require(try answer.status, sourceLocation: location)
        #expect(status.code == fault.code, "\(status)", sourceLocation: location)
        #expect(status.metadata["response_code"] == fault.responseCode, "\(status)", sourceLocation: location)
        #expect(status.metadata["outcome"] == "not_applied", "\(status)", sourceLocation: location)
      } else {
        let row = try answer.message(Bahari_V1_DesaReply.self).data
        #expect(row.id == rows[index].id && row.name == rows[index].name, sourceLocation: location)
      }
    }
    let wanted = rows.indices.filter { $0 != place }.map { "\(rows[$0].id)" }.joined(separator: "\n")
    let found = try await daemon.sql(
      "SELECT id FROM public.mst_desa WHERE id BETWEEN \(first) AND \(first + 15) ORDER BY id")
    #expect(found == wanted, sourceLocation: location)
  }

  enum Fault: CaseIterable {
    case taken, noParent

    var code: StatusCode { self == .taken ? .alreadyExists : .failedPrecondition }
    var responseCode: String { self == .taken ? "4090001" : "4000001" }
  }
}

/// A client beside others: it gets one row repeatedly, and fails if it ever gets anything else.
final class Neighbour: Sendable {
  private let isToEnd: Flag
  private let calls: Task<Int, any Error>

  init(_ daemon: Daemon) {
    let isToEnd = Flag()
    self.isToEnd = isToEnd
    let client = daemon.client
    calls = Task {
      var count = 0
      while !isToEnd.isUp {
        let row = try await client.provinsi.get(11)
        guard row.name == "ACEH" else { throw Trouble("another row: \(row)") }
        count += 1
      }
      return count
    }
  }

  /// The number of its calls, all of which succeeded.
  func end() async throws -> Int {
    isToEnd.raise()
    return try await calls.value
  }
}

/// A flag that is raised once and never lowered, from any thread.
final class Flag: Sendable {
  private let value = Atomic<Bool>(false)

  var isUp: Bool { value.load(ordering: .relaxed) }

  func raise() { value.store(true, ordering: .relaxed) }
}
