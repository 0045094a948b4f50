/// gRPC's status codes, 0 to 16.
package enum StatusCode: Int32, Sendable, CaseIterable {
  case ok = 0
  case cancelled, unknown, invalidArgument, deadlineExceeded, notFound, alreadyExists, permissionDenied
  case resourceExhausted, failedPrecondition, aborted, outOfRange, unimplemented, `internal`, unavailable
  case dataLoss, unauthenticated

  /// The code's name in gRPC's spelling, such as INVALID_ARGUMENT.
  package var name: String {
    var name = ""
    for character in "\(self)" {
      if character.isUppercase { name += "_" }
      name += character.uppercased()
    }
    return name
  }
}

/// One violation in a request, and the field at fault.
package struct FieldViolation: Error, Sendable, Hashable {
  package var field: String
  package var description: String
  /// The kind of violation for programs, in upper case with underscores, such as OUT_OF_RANGE.
  package var reason: String

  package init(field: String, description: String, reason: String) {
    self.field = field
    self.description = description
    self.reason = reason
  }
}

/// The result of a call that failed, with gRPC's error details. Encoded as google.rpc.Status.
package struct Status: Error, Sendable, Hashable {
  package var code: StatusCode
  /// The error in one English sentence.
  package var message: String
  /// The violations found in the request's fields.
  package var violations: [FieldViolation] = []
  /// The gRPC detail ErrorInfo: the error's reason in upper case with underscores, and metadata such as response_code,
  /// table and outcome.
  package var reason = ""
  package var metadata: [String: String] = [:]
  /// The gRPC detail RetryInfo: the time after which a retry may succeed.
  package var retryDelayNanoseconds: Int64?

  package init(_ code: StatusCode, _ message: String) {
    self.code = code
    self.message = message
  }

  package static let domain = "bahari"
  /// The largest number of violations that are decoded. A frame can hold more only if they are very short: an empty
  /// violation has two bytes in the frame and takes many more in memory.
  package static let mostViolations = 65_536
}

private enum DetailType {
  static let prefix = "type.googleapis.com/google.rpc."
  static let badRequest = prefix + "BadRequest"
  static let errorInfo = prefix + "ErrorInfo"
  static let retryInfo = prefix + "RetryInfo"
}

// MARK: Encoding

extension Status {
  package func encode(into writer: WireWriter) {
    writer.field(1, varint: UInt64(code.rawValue))
    writer.field(2, string: message)
    if !reason.isEmpty || !metadata.isEmpty {
      detail(DetailType.errorInfo, writer) { encodeErrorInfo(writer) }
    }
    if !violations.isEmpty {
      detail(DetailType.badRequest, writer) { encodeViolations(writer) }
    }
    if let delay = retryDelayNanoseconds {
      detail(DetailType.retryInfo, writer) {
        writer.field(1) {
          writer.field(1, varint: UInt64(bitPattern: delay / 1_000_000_000))
          writer.field(2, varint: UInt64(bitPattern: delay % 1_000_000_000))
        }
      }
    }
  }

  private func detail(_ type: String, _ writer: WireWriter, body: () -> Void) {
    writer.field(3) {
      writer.field(1, string: type)
      writer.field(2, message: body)
    }
  }

  private func encodeErrorInfo(_ writer: WireWriter) {
    writer.field(1, string: reason)
    writer.field(2, string: Status.domain)
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      writer.field(3) {
        writer.field(1, string: key)
        writer.field(2, string: value)
      }
    }
  }

  private func encodeViolations(_ writer: WireWriter) {
    for violation in violations {
      writer.field(1) { violation.encode(into: writer) }
    }
  }
}

extension FieldViolation {
  /// Writes the fields of a google.rpc.BadRequest.FieldViolation.
  package func encode(into writer: WireWriter) {
    writer.field(1, string: field)
    writer.field(2, string: description)
    writer.field(3, string: reason)
  }
}

// MARK: Decoding

extension Status {
  /// Decodes a google.rpc.Status. Skips details of unknown types, and reads a code that gRPC does not define as
  /// `unknown`.
  package init(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
    self.init(.ok, "")
    var reader = WireReader(bytes)
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (1, .varint(let raw)): code = StatusCode(rawValue: Int32(truncatingIfNeeded: raw)) ?? .unknown
      case (2, .bytes(let text)): message = try String(wire: text)
      case (3, .bytes(let any)): try decodeDetail(any)
      default: break
      }
    }
  }

  private mutating func decodeDetail(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
    let any = try stringKeyed(bytes)
    switch any.key {
    case DetailType.badRequest: try decodeViolations(any.value)
    case DetailType.errorInfo: try decodeErrorInfo(any.value)
    case DetailType.retryInfo: try decodeRetryInfo(any.value)
    default: break
    }
  }

  /// Decodes a message whose field 1 is a string and whose field 2 has bytes, such as google.protobuf.Any or a map's
  /// entry.
  private func stringKeyed(
    _ bytes: UnsafeRawBufferPointer
  ) throws(WireError) -> (key: String, value: UnsafeRawBufferPointer) {
    var key = ""
    var value = UnsafeRawBufferPointer(start: nil, count: 0)
    var reader = WireReader(bytes)
    while let (number, field) = try reader.next() {
      switch (number, field) {
      case (1, .bytes(let text)): key = try String(wire: text)
      case (2, .bytes(let content)): value = content
      default: break
      }
    }
    return (key, value)
  }

  private mutating func decodeViolations(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
    var reader = WireReader(bytes)
    while let (number, value) = try reader.next() {
      guard case (1, .bytes(let message)) = (number, value), violations.count < Self.mostViolations else { continue }
      violations.append(try FieldViolation(message))
    }
  }

  private mutating func decodeErrorInfo(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
    var reader = WireReader(bytes)
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (1, .bytes(let text)): reason = try String(wire: text)
      case (3, .bytes(let entry)):
        let (key, text) = try stringKeyed(entry)
        metadata[key] = try String(wire: text)
      default: break
      }
    }
  }

  private mutating func decodeRetryInfo(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
    var reader = WireReader(bytes)
    while let (number, value) = try reader.next() {
      guard case (1, .bytes(let duration)) = (number, value) else { continue }
      var fields = WireReader(duration)
      var parts: (seconds: Int64, nanoseconds: Int64) = (0, 0)
      while let (part, amount) = try fields.next() {
        guard case .varint(let raw) = amount else { continue }
        // The number is limited, so that the sum cannot overflow if a faulty server sends a huge delay.
        let bounded = min(max(Int64(bitPattern: raw), 0), 999_999_999)
        if part == 1 { parts.seconds = bounded }
        if part == 2 { parts.nanoseconds = bounded }
      }
      retryDelayNanoseconds = parts.seconds * 1_000_000_000 + parts.nanoseconds
    }
  }
}

extension FieldViolation {
  /// Decodes a google.rpc.BadRequest.FieldViolation.
  package init(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
    self.init(field: "", description: "", reason: "")
    var reader = WireReader(bytes)
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (1, .bytes(let text)): field = try String(wire: text)
      case (2, .bytes(let text)): description = try String(wire: text)
      case (3, .bytes(let text)): reason = try String(wire: text)
      default: break
      }
    }
  }
}
