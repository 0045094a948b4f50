import BahariClient
import BahariFrame
import Foundation
import SwiftProtobuf
import Testing

/// Bahari's encoding against swift-protobuf's, an independent implementation.
@Suite("Envelope") struct EnvelopeTests {
  static let payload = wire("08 05 12 04 00 ff 80 7f")

  /// The data of the one frame that `body` writes.
  private func data(_ body: (WireWriter) -> Void) throws -> [UInt8] {
    let events = Reader.events([written(body)])
    guard case .frame(_, let data) = try #require(events.first) else {
      Issue.record("\(events) is no frame")
      return []
    }
    #expect(events.count == 1)
    return data
  }

  @Test("swift-protobuf decodes our requests", arguments: [0, 1, -1, 300, -5_000_000_000, Int64.max, .min])
  func requestOut(timeout: Int64) throws {
    let data = try data { writer in
      Self.payload.withUnsafeBytes {
        writer.request(
          stream: 1, service: "bahari.v1.DesaService", method: "Get", payload: $0, timeoutNanoseconds: timeout)
      }
    }
    let request = try Ttrpc_Request(serializedBytes: data)
    #expect(request.service == "bahari.v1.DesaService")
    #expect(request.method == "Get")
    #expect(Array(request.payload) == Self.payload)
    #expect(request.timeoutNano == timeout)
    #expect(request.hasTimeoutNano == (timeout != 0))
    #expect(request.unknownFields.data.isEmpty)
  }

  @Test("swift-protobuf's requests are decoded", arguments: [0, 1, -1, 300, -5_000_000_000, Int64.max, .min])
  func requestIn(timeout: Int64) throws {
    var request = Ttrpc_Request()
    request.service = "bahari.v1.DesaService"
    request.method = "Get"
    request.payload = Data(Self.payload)
    request.timeoutNano = timeout
    request.metadata = [
      Ttrpc_KeyValue.with {
        $0.key = "trace"; $0.value = "a"
      }
    ]
    let bytes: [UInt8] = try request.serializedBytes()
    try bytes.withUnsafeBytes { buffer in
      let envelope = try RequestEnvelope(buffer)
      #expect(envelope.service.elementsEqual("bahari.v1.DesaService".utf8))
      #expect(envelope.method.elementsEqual("Get".utf8))
      #expect(Array(envelope.payload) == Self.payload)
      #expect(envelope.timeoutNanoseconds == timeout)
    }
  }

  @Test("a request without any field is decoded") func emptyRequest() throws {
    let envelope = try RequestEnvelope(UnsafeRawBufferPointer(start: nil, count: 0))
    #expect(envelope.service.isEmpty && envelope.method.isEmpty && envelope.payload.isEmpty)
    #expect(envelope.timeoutNanoseconds == 0)
  }

  @Test("responses are decoded in both directions", arguments: [[], payload])
  func response(payload: [UInt8]) throws {
    let data = try data { writer in payload.withUnsafeBytes { writer.response(stream: 1, payload: $0) } }
    let theirs = try Ttrpc_Response(serializedBytes: data)
    #expect(!theirs.hasStatus)
    #expect(Array(theirs.payload) == payload)

    let bytes: [UInt8] = try Ttrpc_Response.with { $0.payload = Data(payload) }.serializedBytes()
    try bytes.withUnsafeBytes { buffer in
      let ours = try ResponseEnvelope(buffer)
      #expect(ours.status == nil)
      #expect(Array(ours.payload) == payload)
    }
  }

  @Test("a status with code OK is a success") func okStatus() throws {
    let response = Ttrpc_Response.with { $0.status = Google_Rpc_Status.with { $0.code = 0 } }
    let bytes: [UInt8] = try response.serializedBytes()
    #expect(!bytes.isEmpty)
    let status = try bytes.withUnsafeBytes { try ResponseEnvelope($0).status }
    #expect(status == nil)
  }

  @Test("swift-protobuf decodes our status with all details") func statusOut() throws {
    let data = try data { $0.response(stream: 1, status: .everything) }
    let status = try Ttrpc_Response(serializedBytes: data).status
    #expect(status.code == 3)
    #expect(status.message == "jumlah is missing — “kosong”")
    #expect(status.details.count == 3)

    let info = try Google_Rpc_ErrorInfo(unpackingAny: status.details[0])
    #expect(info.reason == "MISSING_FIELD")
    #expect(info.domain == "bahari")
    let metadata = info.metadata.map { [$0.key, $0.value] }
    #expect(metadata == [["outcome", "not_applied"], ["response_code", "4000001"]])

    let request = try Google_Rpc_BadRequest(unpackingAny: status.details[1])
    #expect(request.fieldViolations.map(\.field) == ["jumlah", "harga"])
    #expect(request.fieldViolations.map(\.description_p) == ["is missing", "is negative"])
    #expect(request.fieldViolations.map(\.reason) == ["MISSING", "RANGE"])

    let retry = try Google_Rpc_RetryInfo(unpackingAny: status.details[2])
    #expect(retry.retryDelay.seconds == 2)
    #expect(retry.retryDelay.nanos == 500_000_000)
  }

  @Test("swift-protobuf's status is decoded with all details; unknown ones are skipped") func statusIn() throws {
    var status = Google_Rpc_Status()
    status.code = 3
    status.message = "jumlah is missing — “kosong”"
    var info = Google_Rpc_ErrorInfo()
    info.reason = "MISSING_FIELD"
    info.domain = "bahari"
    info.metadata = [("outcome", "not_applied"), ("response_code", "4000001")].map { key, value in
      Google_Rpc_ErrorInfo.MetadataEntry.with {
        $0.key = key; $0.value = value
      }
    }
    var request = Google_Rpc_BadRequest()
    request.fieldViolations = Status.everything.violations.map { violation in
      Google_Rpc_BadRequest.FieldViolation.with {
        $0.field = violation.field
        $0.description_p = violation.description
        $0.reason = violation.reason
      }
    }
    let retry = Google_Rpc_RetryInfo.with {
      $0.retryDelay = Google_Protobuf_Duration(seconds: 2, nanos: 500_000_000)
    }
    let unknown = Ttrpc_KeyValue.with {
      $0.key = "no"; $0.value = "detail"
    }
    let details: [any Message] = [retry, unknown, request, info]
    status.details = try details.map { try Google_Protobuf_Any(message: $0) }
    let bytes: [UInt8] = try status.serializedBytes()
    let read = try bytes.withUnsafeBytes { try Status($0) }
    #expect(read == Status.everything)
  }

  @Test("every code is encoded as its number and has gRPC's name", arguments: StatusCode.allCases)
  func codes(code: StatusCode) throws {
    let names = [
      "OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS",
      "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE",
      "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED",
    ]
    #expect(code.name == names[Int(code.rawValue)])
    let bytes = written { Status(code, "x").encode(into: $0) }
    #expect(try Google_Rpc_Status(serializedBytes: bytes).code == code.rawValue)
    let read = try bytes.withUnsafeBytes { try Status($0) }
    #expect(read == Status(code, "x"))
  }

  @Test("a code that gRPC does not have is unknown, never OK", arguments: [17, -1, 1_000_000, Int32.min])
  func foreignCode(raw: Int32) throws {
    let bytes: [UInt8] = try Google_Rpc_Status.with { $0.code = raw }.serializedBytes()
    let read = try bytes.withUnsafeBytes { try Status($0).code }
    #expect(read == .unknown)
  }

  @Test("an absurd retry delay is bounded", arguments: [(Int64.max, Int32.max), (-1, -1), (.min, .min)])
  func foreignDelay(seconds: Int64, nanoseconds: Int32) throws {
    let retry = Google_Rpc_RetryInfo.with {
      $0.retryDelay = Google_Protobuf_Duration.with {
        $0.seconds = seconds; $0.nanos = nanoseconds
      }
    }
    let status = try Google_Rpc_Status.with { $0.details = [try Google_Protobuf_Any(message: retry)] }
    let bytes: [UInt8] = try status.serializedBytes()
    let read = try bytes.withUnsafeBytes { try Status($0) }
    #expect(read.retryDelayNanoseconds == (seconds > 0 ? 999_999_999_999_999_999 : 0))
  }
}

extension Status {
  /// A status that uses every field.
  static var everything: Status {
    var status = Status(.invalidArgument, "jumlah is missing — “kosong”")
    status.reason = "MISSING_FIELD"
    status.metadata = ["response_code": "4000001", "outcome": "not_applied"]
    status.violations = [
      FieldViolation(field: "jumlah", description: "is missing", reason: "MISSING"),
      FieldViolation(field: "harga", description: "is negative", reason: "RANGE"),
    ]
    status.retryDelayNanoseconds = 2_500_000_000
    return status
  }
}
