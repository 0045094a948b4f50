import BahariFrame

extension FuzzTarget {
  /// The first byte chooses the message: a request, a response, or a status alone.
  static let envelopes = FuzzTarget(
    name: "envelopes", rounds: 4_000,
    words: ["type.googleapis.com/google.rpc.", "BadRequest", "ErrorInfo", "RetryInfo", "bahari", "response_code"],
    seeds: { EnvelopeSeeds.all() },
    check: { bytes in
      var choices = Choices(bytes)
      switch choices.byte() % 3 {
      case 0: try EnvelopeCheck.request(choices.rest)
      case 1: try EnvelopeCheck.response(choices.rest)
      default: if let status = try? Status(choices.rest) { try EnvelopeCheck.status(status) }
      }
    })
}

private enum EnvelopeSeeds {
  static func all() -> [FuzzTarget.Seed] {
    var status = Status(.invalidArgument, "the request is invalid")
    status.violations = [
      FieldViolation(field: "data.name", description: "is mandatory and missing", reason: "MISSING"),
      FieldViolation(field: "data.id", description: "é漁🐟", reason: ""),
    ]
    status.reason = "MISSING_FIELD"
    status.metadata = ["response_code": "4000002", "table": "mst_desa", "outcome": "not_applied"]
    status.retryDelayNanoseconds = 1_500_000_000
    let full = status
    func body(_ frame: [UInt8]) -> [UInt8] { Array(frame.dropFirst(FrameHeader.size)) }
    let payload: [UInt8] = [8, 0xd3, 0xda, 0x8b, 0x8d, 4]
    return payload.withUnsafeBytes { payload in
      [
        FuzzTarget.Seed(
          "request",
          [0]
            + body(
              written {
                $0.request(
                  stream: 1, service: "bahari.v1.DesaService", method: "Get", payload: payload,
                  timeoutNanoseconds: 5_000_000_000)
              })),
        FuzzTarget.Seed("request-expired", [0] + written { $0.field(4, varint: UInt64(bitPattern: -7)) }),
        FuzzTarget.Seed(
          "request-metadata",
          [0]
            + written { writer in
              writer.field(1, string: "grpc.health.v1.Health")
              writer.field(5) {
                writer.field(1, string: "traceparent")
                writer.field(2, string: "00-1-2-01")
              }
            }),
        FuzzTarget.Seed("response", [1] + body(written { $0.response(stream: 1, payload: payload) })),
        FuzzTarget.Seed("response-error", [1] + body(written { $0.response(stream: 1, status: full) })),
        FuzzTarget.Seed("response-ok", [1] + written { writer in writer.field(1) { writer.field(2, string: "fine") } }),
        FuzzTarget.Seed("status", [2] + written { full.encode(into: $0) }),
        FuzzTarget.Seed("status-unknown-code", [2] + written { $0.field(1, varint: 99) }),
      ]
    }
  }
}

private enum EnvelopeCheck {
  static func request(_ bytes: UnsafeRawBufferPointer) throws {
    guard let envelope = try? RequestEnvelope(bytes) else { return }
    for part in [envelope.service, envelope.method, envelope.payload] {
      try hold(part.isEmpty || part.isInside(bytes), "a part of the request lies outside of its bytes")
    }
    // Names that are not UTF-8 are the name of no method, and nobody writes them.
    guard let service = String(validating: envelope.service, as: UTF8.self),
      let method = String(validating: envelope.method, as: UTF8.self)
    else { return }
    let frame = written {
      $0.request(
        stream: 1, service: service, method: method, payload: envelope.payload,
        timeoutNanoseconds: envelope.timeoutNanoseconds)
    }
    try frame.dropFirst(FrameHeader.size).withUnsafeBytes { body in
      let again = try RequestEnvelope(body)
      let isSame =
        again.service.elementsEqual(envelope.service) && again.method.elementsEqual(envelope.method)
        && again.payload.elementsEqual(envelope.payload) && again.timeoutNanoseconds == envelope.timeoutNanoseconds
      try hold(isSame, "a request is read differently after it was written again")
    }
  }

  static func response(_ bytes: UnsafeRawBufferPointer) throws {
    guard let envelope = try? ResponseEnvelope(bytes) else { return }
    try hold(envelope.status?.code != .ok, "an error has the code of success")
    try hold(envelope.payload.isEmpty || envelope.payload.isInside(bytes), "the payload lies outside of the response")
    if let status = envelope.status { return try self.status(status) }
    let frame = written { $0.response(stream: 1, payload: envelope.payload) }
    try frame.dropFirst(FrameHeader.size).withUnsafeBytes { body in
      let again = try ResponseEnvelope(body)
      try hold(again.status == nil && again.payload.elementsEqual(envelope.payload), "a response changes when written")
    }
  }

  /// A status that was read is written so that it is read the same.
  static func status(_ status: Status) throws {
    try hold(status.violations.count <= Status.mostViolations, "too many violations are kept")
    let once = written { status.encode(into: $0) }
    let again = try once.withUnsafeBytes { try Status($0) }
    try hold(again == status, "a status is read differently after it was written again")
    // Texts that compare equal may still differ in their bytes.
    try hold(written { again.encode(into: $0) } == once, "a status has other bytes when it is written again")
  }
}

extension UnsafeRawBufferPointer {
  func isInside(_ outer: UnsafeRawBufferPointer) -> Bool {
    guard let start = baseAddress, let outerStart = outer.baseAddress else { return isEmpty }
    return start >= outerStart && start + count <= outerStart + outer.count
  }
}
