import BahariClient
import BahariFrame
import SwiftProtobuf
import TestSupport
import Testing

extension EndToEnd {
  /// Writes whose callers never got the answer, repeated with the same request_id.
  @Suite(.served("repeating")) struct Repeating {
    private let daemon: Daemon

    init() throws { daemon = try Daemon.shared }

    private func role(_ name: String) -> Bahari_V1_Role {
      .with { ($0.levelRole, $0.namaRole) = ("1", name) }
    }

    private func count(_ level: String) async throws -> String {
      try await daemon.sql("SELECT count(*) FROM public.mst_role WHERE level_role = '\(level)'")
    }

    /// Sends the requests and closes the connection, after some of the answers or none; then sends them once more.
    private func twice(
      _ method: String, _ payloads: [[UInt8]], answersBefore: Int
    ) throws -> [UInt32: Received] {
      let streams = Rows.streams(payloads.count)
      let frames = zip(streams, payloads).flatMap { Bytes.request($0, method, $1) }
      do {
        let cut = try daemon.connect()
        try cut.send(frames)
        _ = try cut.frames(answersBefore)
      }
      let wire = try daemon.connect()
      try wire.send(frames)
      return try wire.answers(to: streams)
    }

    @Test("1,000 creates of rows without natural key, repeated after a cut connection: each exists once")
    func creates() async throws {
      var random = SystemRandomNumberGenerator()
      for round in 0..<20 {
        let payloads = try (0..<50).map { number in
          try Bahari_V1_CreateRoleRequest.with {
            ($0.data, $0.requestID) = (role("\(round)-\(number)"), "buat-\(round)-\(number)")
          }.serializedBytes() as [UInt8]
        }
        let answers = try twice("Role/Create", payloads, answersBefore: Int.random(in: 0...50, using: &random))
        for (stream, answer) in answers {
          let row = try answer.message(Bahari_V1_RoleReply.self).data
          #expect(row.namaRole == "\(round)-\(stream / 2)" && row.id > 0)
        }
      }
      #expect(try await count("1") == "1000")
      #expect(
        try await daemon.sql("SELECT count(DISTINCT nama_role) FROM public.mst_role WHERE level_role = '1'") == "1000")
    }

    @Test("50 batches of such rows, repeated after a cut connection: each exists once")
    func batches() async throws {
      let payloads = try (0..<50).map { number in
        try Bahari_V1_BatchUpsertRoleRequest.with { request in
          request.data = (0..<20).map { row in
            .with { ($0.levelRole, $0.namaRole) = ("2", "\(number)-\(row)") }
          }
          request.requestID = "borong-\(number)"
        }.serializedBytes() as [UInt8]
      }
      for answer in try twice("Role/BatchUpsert", payloads, answersBefore: 10).values {
        #expect(try answer.message(Bahari_V1_BatchReply.self).created == 20)
      }
      #expect(try await count("2") == "1000")
    }
  }
}
