import BahariClient
import BahariFrame
import CBahari
import FakeDaemon
import Foundation
import SwiftProtobuf
import Testing

@testable import bahari

/// A daemon's description: its descriptors, and some resources.
enum Fixture {
  static let description = Bahari_V1_GetDescriptorReply.with { reply in
    reply.responseCode = "2000000"
    var length = 0
    if let bytes = bahari_file_descriptor_set(&length) { reply.fileDescriptorSet = Data(bytes: bytes, count: length) }
    reply.resources = [
      resource(
        "desa", "mst_desa", "Desa",
        [("district_id", "bigint", false), ("name", "text", false)]
          + [("alt_name", "text", false), ("latitude", "double precision", false)]
          + [("longitude", "double precision", false)]),
      resource(
        "provinsi", "mst_provinsi", "Provinsi",
        [("name", "text", false), ("alt_name", "text", true)]
          + [("latitude", "numeric", true), ("longitude", "numeric", true)]),
    ]
  }

  private static func resource(
    _ name: String, _ table: String, _ row: String, _ columns: [(String, String, Bool)]
  ) -> Bahari_V1_Resource {
    .with {
      $0.name = name
      $0.table = table
      $0.service = "bahari.v1.\(row)Service"
      $0.row = "bahari.v1.\(row)"
      $0.naturalKey = "id"
      $0.columns = ([("id", "bigint", false)] + columns).map { name, type, nullable in
        .with {
          $0.name = name
          $0.type = type
          $0.nullable = nullable
        }
      }
    }
  }

  static func daemon() throws -> DescribedDaemon {
    try DescribedDaemon(BahariClient(socketPath: "/nowhere"), description)
  }

  static let desa = Bahari_V1_Desa.with {
    $0.id = 1_101_012_001
    $0.districtID = 110_101
    $0.name = "Keude \"Bakongan\""
    $0.altName = ""
    $0.latitude = 2.9310948
    $0.longitude = -1e-05
    $0.version = "771"
  }
}

/// A fake daemon that keeps villages in the order in which they are created.
final class VillageDaemon: @unchecked Sendable {
  // Guarded by the lock, since every connection of the daemon has a thread of its own.
  private var rows: [Bahari_V1_Desa] = []
  private var requests: [(method: String, payload: [UInt8])] = []
  private let lock = NSLock()

  func seen(_ method: String) -> [[UInt8]] {
    lock.withLock { requests.filter { $0.method == method }.map(\.payload) }
  }

  func start() throws -> FakeDaemon {
    try FakeDaemon { [self] peer, frame in
      guard let request = frame.request() else { return }
      lock.withLock { requests.append((request.method, request.payload)) }
      do {
        if request.method == "Export" { return try export(peer, frame.header.stream) }
        peer.reply(frame.header.stream, try answer(request.service, request.method, request.payload))
      } catch let status as Status {
        peer.refuse(frame.header.stream, status)
      } catch {
        peer.refuse(frame.header.stream, Status(.internal, "\(error)"))
      }
    }
  }

  private func answer(_ service: String, _ method: String, _ payload: [UInt8]) throws -> [UInt8] {
    if service == "bahari.v1.DescriptorService" { return try Fixture.description.serializedBytes() }
    if service == "bahari.v1.StatsService" { return try Fixture.stats.serializedBytes() }
    if service == "grpc.health.v1.Health" {
      return try Grpc_Health_V1_HealthCheckResponse.with { $0.status = .serving }.serializedBytes()
    }
    switch method {
    case "List":
      return try Bahari_V1_ListDesaReply.with {
        $0.responseCode = "2000000"
        $0.responseMessage = "Success"
        $0.data = [Fixture.desa]
        $0.pagination = .with {
          $0.total = 1
          $0.totalPages = 1
          $0.currentPage = 1
        }
      }.serializedBytes()
    case "BatchUpsert":
      return try upsert(Bahari_V1_BatchUpsertDesaRequest(serializedBytes: payload)).serializedBytes()
    case "Get":
      var status = Status(.notFound, "there is no desa with id 5")
      status.metadata = ["response_code": "4040001", "outcome": "not_applied"]
      throw status
    default:
      return try Bahari_V1_DesaReply.with { $0.data = Fixture.desa }.serializedBytes()
    }
  }

  /// Refuses the name "bad", and warns about the name "odd".
  private func upsert(_ request: Bahari_V1_BatchUpsertDesaRequest) throws -> Bahari_V1_BatchReply {
    let bad = request.data.indices.filter { request.data[$0].name == "bad" }
    if request.onError == .abort, !bad.isEmpty {
      var status = Status(.invalidArgument, "1 row is bad")
      status.violations = bad.map { FieldViolation(field: "data[\($0)].name", description: "is bad", reason: "BAD") }
      throw status
    }
    let good = request.data.indices.filter { !bad.contains($0) }
    lock.withLock { rows += good.map { request.data[$0] } }
    return .with {
      $0.warnings = good.filter { request.data[$0].name == "odd" }.map { index in
        .with {
          $0.index = Int32(index)
          $0.warnings = [
            .with {
              $0.field = "name"
              $0.description_p = "is \"odd\""
            }
          ]
        }
      }
      $0.created = Int64(good.count)
      $0.failed = Int64(bad.count)
      $0.errors = bad.map { index in
        .with {
          $0.index = Int32(index)
          $0.violations = [
            .with {
              $0.field = "data[\(index)].name"
              $0.description_p = "is bad"
            }
          ]
        }
      }
    }
  }

  private func export(_ peer: Peer, _ stream: UInt32) throws {
    let all = lock.withLock { rows }
    for start in stride(from: 0, to: all.count, by: 500) {
      let reply = Bahari_V1_ListDesaReply.with { $0.data = Array(all[start..<min(start + 500, all.count)]) }
      peer.message(stream, try reply.serializedBytes())
    }
    peer.endOfStream(stream)
  }
}

/// Runs the CLI as a process.
enum Command {
  struct Result {
    var status: Int32
    var output: String
    var error: String
  }

  static func run(_ arguments: [String], socket: String, input: String? = nil) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bahari-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func file(_ name: String, _ content: String = "") throws -> (URL, FileHandle) {
      let url = folder.appendingPathComponent(name)
      try Data(content.utf8).write(to: url)
      return (url, try FileHandle(forUpdating: url))
    }
    let (output, outputHandle) = try file("output")
    let (error, errorHandle) = try file("error")
    let process = Process()
    process.executableURL = Bundle.main.executableURL?.deletingLastPathComponent().appendingPathComponent("bahari")
    if let binary = binary { process.executableURL = binary }
    process.arguments = arguments
    process.environment = ["BAHARI_SOCKET": socket]
    process.standardOutput = outputHandle
    process.standardError = errorHandle
    process.standardInput = try file("input", input ?? "").1
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in continuation.resume() }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    return Result(
      status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
      error: try String(contentsOf: error, encoding: .utf8))
  }

  /// The program beside the test bundle, independent of the test runner.
  private static var binary: URL? {
    let places = CommandLine.arguments + (Bundle.allBundles.map(\.bundlePath))
    return places.lazy.map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("bahari") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }
}
