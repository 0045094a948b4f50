/// The data of a Request frame. All fields point into the frame; nothing is copied.
package struct RequestEnvelope {
  package var service = UnsafeRawBufferPointer(start: nil, count: 0)
  package var method = UnsafeRawBufferPointer(start: nil, count: 0)
  package var payload = UnsafeRawBufferPointer(start: nil, count: 0)
  /// The time until the call's deadline, counted from the request; 0 for no deadline. A negative time has already
  /// expired.
  package var timeoutNanoseconds: Int64 = 0

  package init(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
    var reader = WireReader(bytes)
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (1, .bytes(let name)): service = name
      case (2, .bytes(let name)): method = name
      case (3, .bytes(let message)): payload = message
      case (4, .varint(let timeout)): timeoutNanoseconds = Int64(bitPattern: timeout)
      default: break  // metadata, and fields that the protocol may add
      }
    }
  }
}

/// The data of a Response frame; the payload points into the frame.
package struct ResponseEnvelope {
  /// The error with which the call ended; nil if the call succeeded.
  package var status: Status?
  package var payload = UnsafeRawBufferPointer(start: nil, count: 0)

  package init(_ bytes: UnsafeRawBufferPointer) throws(WireError) {
    var reader = WireReader(bytes)
    while let (number, value) = try reader.next() {
      switch (number, value) {
      case (1, .bytes(let message)):
        let decoded = try Status(message)
        status = decoded.code == .ok ? nil : decoded
      case (2, .bytes(let message)): payload = message
      default: break
      }
    }
  }
}

extension WireWriter {
  /// Writes a Request frame. `flags` is empty for a unary call, and `remoteClosed` for a call whose replies are a
  /// stream.
  package func request(
    stream: UInt32, service: String, method: String, payload: UnsafeRawBufferPointer,
    timeoutNanoseconds: Int64 = 0, flags: FrameFlags = []
  ) {
    frame(stream: stream, type: .request, flags: flags) {
      field(1, string: service)
      field(2, string: method)
      if payload.count > 0 { field(3, bytes: payload) }
      if timeoutNanoseconds != 0 { field(4, varint: UInt64(bitPattern: timeoutNanoseconds)) }
    }
  }

  /// Writes a Response frame that ends a successful call.
  package func response(stream: UInt32, payload: UnsafeRawBufferPointer) {
    frame(stream: stream, type: .response) {
      if payload.count > 0 { field(2, bytes: payload) }
    }
  }

  /// Writes a Response frame that ends a call with an error.
  package func response(stream: UInt32, status: Status) {
    frame(stream: stream, type: .response) {
      field(1) { status.encode(into: self) }
    }
  }

  /// Writes a Data frame with one message of a stream.
  package func data(stream: UInt32, payload: UnsafeRawBufferPointer) {
    frame(stream: stream, type: .data) { append(payload) }
  }

  /// Writes the Data frame that ends a stream successfully.
  package func endOfStream(_ stream: UInt32) {
    frame(stream: stream, type: .data, flags: [.remoteClosed, .noData]) {}
  }
}
