import BahariFrame
import FakeDaemon
import SwiftProtobuf
import Testing

@testable import BahariClient

/// The requests and replies of `Resource`, compared with the generated messages.
@Suite(.timeLimit(.minutes(1)))
struct ResourceTests {
  private let desa = Bahari_V1_Desa.with {
    $0.id = 1_101_012_001
    $0.name = "Keude Bakongan"
    $0.latitude = 2.9310948
  }

  /// Answers every call with one reply and records the requests.
  private func daemon(_ reply: some Message, _ seen: Events<SeenFrame>) throws -> FakeDaemon {
    let bytes: [UInt8] = try reply.serializedBytes()
    return try FakeDaemon { peer, frame in
      seen.send(frame)
      peer.reply(frame.header.stream, bytes)
    }
  }

  @Test func getReturnsTheRow() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try daemon(Bahari_V1_DesaReply.with { $0.data = desa }, seen)
    let client = BahariClient(socketPath: daemon.path)
    #expect(try await client.desa.get(1_101_012_001, fields: ["name"]) == desa)
    let request = try #require(await seen.next().request())
    #expect(request.service == "bahari.v1.DesaService" && request.method == "Get")
    let sent = try Bahari_V1_GetRequest(serializedBytes: request.payload)
    #expect(sent.id == 1_101_012_001 && sent.fields == ["name"] && !sent.hasColumn)
  }

  @Test func listReadsTheWholeEnvelope() async throws {
    let seen = Events<SeenFrame>()
    let reply = Bahari_V1_ListDesaReply.with {
      $0.responseCode = "2000000"
      $0.responseMessage = "Success"
      $0.message = "Daftar desa"
      $0.data = [desa, desa]
      $0.pagination.total = 2
      $0.warnings = [.with { $0.field = "name" }]
    }
    let daemon = try daemon(reply, seen)
    let client = BahariClient(socketPath: daemon.path)
    var request = ListRequest()
    request.filter = .all(of: [.field("district_id", .eq, "110101"), .field("name", .isNull, "false")])
    let page = try await client.desa.listWithRelations(request)
    #expect(page.responseCode == "2000000" && page.responseMessage == "Success" && page.message == "Daftar desa")
    #expect(page.data == [desa, desa] && page.pagination.total == 2 && page.warnings.count == 1)
    let sent = try #require(await seen.next().request())
    #expect(sent.method == "ListWithRelations")
    #expect(try ListRequest(serializedBytes: sent.payload) == request)
  }

  @Test func writesAreTheGeneratedRequests() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try daemon(Bahari_V1_DesaReply.with { $0.data = desa }, seen)
    let client = BahariClient(socketPath: daemon.path)
    _ = try await client.desa.create(desa, requestID: "satu", dryRun: true)
    let create = try #require(await seen.next().request())
    #expect(
      try Bahari_V1_CreateDesaRequest(serializedBytes: create.payload)
        == .with {
          $0.data = desa
          $0.requestID = "satu"
          $0.dryRun = true
        })
    _ = try await client.desa.update(desa, mask: ["name", "alt_name"], version: "77")
    let update = try Bahari_V1_UpdateDesaRequest(serializedBytes: try #require(await seen.next().request()).payload)
    #expect(update.data == desa && update.updateMask.paths == ["name", "alt_name"] && update.version == "77")
    #expect(update.requestID.count == 32, "a write without a request id gets one")
    try await client.desa.delete(5, cascade: true)
    let delete = try Bahari_V1_DeleteRequest(serializedBytes: try #require(await seen.next().request()).payload)
    #expect(delete.id == 5 && delete.cascade && !delete.hasVersion && delete.requestID.count == 32)
    #expect(delete.requestID != update.requestID)
  }

  @Test func batchSendsRowsMaskAndPolicy() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try daemon(Bahari_V1_BatchReply.with { $0.created = 2 }, seen)
    let client = BahariClient(socketPath: daemon.path)
    let reply = try await client.desa.batchUpsert([desa, desa], mask: ["name"], onError: .skip)
    #expect(reply.created == 2)
    let sent = try #require(await seen.next().request())
    let request = try Bahari_V1_BatchUpsertDesaRequest(serializedBytes: sent.payload)
    #expect(request.data == [desa, desa] && request.updateMask.paths == ["name"] && request.onError == .skip)
    #expect(sent.timeout > 500_000_000_000)
  }

  @Test func exportYieldsRowsOfAllFrames() async throws {
    let frames: [[UInt8]] = try [[desa], [], [desa, desa]].map { rows in
      try Bahari_V1_ListDesaReply.with { $0.data = rows }.serializedBytes()
    }
    let daemon = try FakeDaemon { peer, frame in
      for bytes in frames { peer.message(frame.header.stream, bytes) }
      peer.endOfStream(frame.header.stream)
    }
    var count = 0
    for try await row in BahariClient(socketPath: daemon.path).desa.export() {
      #expect(row == desa)
      count += 1
    }
    #expect(count == 3)
  }

  @Test func unreadableReplyIsAnErrorThatNamesTheMethod() async throws {
    let daemon = try FakeDaemon { peer, frame in peer.reply(frame.header.stream, [0x22, 0x05, 0x01]) }
    let error = await #expect(throws: BahariError.self) {
      try await BahariClient(socketPath: daemon.path).desa.get(1)
    }
    #expect(error?.code == .internal && error?.message.contains("DesaService/Get") == true)
  }

  @Test func healthReturnsTheStatus() async throws {
    let seen = Events<SeenFrame>()
    let daemon = try daemon(Grpc_Health_V1_HealthCheckResponse.with { $0.status = .notServing }, seen)
    #expect(try await BahariClient(socketPath: daemon.path).health(service: "x") == .notServing)
  }
}
