import BahariFrame
import Foundation

/// A frame from a client.
package struct SeenFrame: Sendable {
  package var header: FrameHeader
  package var data: [UInt8]

  /// The parts of a Request frame.
  package func request() -> (service: String, method: String, payload: [UInt8], timeout: Int64)? {
    data.withUnsafeBytes { bytes in
      guard header.type == .request, let envelope = try? RequestEnvelope(bytes) else { return nil }
      return (
        String(decoding: envelope.service, as: UTF8.self), String(decoding: envelope.method, as: UTF8.self),
        Array(envelope.payload), envelope.timeoutNanoseconds
      )
    }
  }
}

/// A client's connection on the daemon's side. Frames may be written from any thread.
///
/// `@unchecked Sendable`: the lock guards the writer, the only mutable state.
package final class Peer: @unchecked Sendable {
  private let descriptor: Int32
  /// Connections are numbered from 0 in the order in which they were accepted.
  package let number: Int
  /// Guards the writer, and keeps the bytes of a frame together.
  private let lock = NSLock()
  private let writer = WireWriter()

  init(_ descriptor: Int32, number: Int) {
    self.descriptor = descriptor
    self.number = number
  }

  deinit { close(descriptor) }

  package func reply(_ stream: UInt32, _ payload: [UInt8] = []) {
    write { writer in payload.withUnsafeBytes { writer.response(stream: stream, payload: $0) } }
  }

  package func refuse(_ stream: UInt32, _ status: Status) {
    write { $0.response(stream: stream, status: status) }
  }

  /// - Returns: false once the client has disconnected, as `raw` does.
  @discardableResult
  package func message(_ stream: UInt32, _ payload: [UInt8]) -> Bool {
    write { writer in payload.withUnsafeBytes { writer.data(stream: stream, payload: $0) } }
  }

  package func endOfStream(_ stream: UInt32) { write { $0.endOfStream(stream) } }

  @discardableResult
  package func raw(_ bytes: [UInt8]) -> Bool {
    write { writer in bytes.withUnsafeBytes { writer.append($0) } }
  }

  package func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  @discardableResult
  private func write(_ body: (WireWriter) -> Void) -> Bool {
    lock.lock()
    defer { lock.unlock() }
    writer.removeAll()
    body(writer)
    var done = 0
    while done < writer.count {
      let rest = UnsafeRawBufferPointer(rebasing: writer.bytes[done...])
      let count = send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  /// Reads frames until the client disconnects.
  func serve(_ handler: (Peer, SeenFrame) -> Void) {
    var pending: [UInt8] = []
    var decoder = FrameDecoder()
    var room = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &room, room.count, 0)
      guard count > 0 else { return }
      pending += room[..<count]
      var frames: [SeenFrame] = []
      let used = pending.withUnsafeBytes { bytes in
        var offset = 0
        while case .frame(let header, let data) = decoder.next(in: bytes, at: &offset) {
          frames.append(SeenFrame(header: header, data: Array(data)))
        }
        return offset
      }
      pending.removeFirst(used)
      for frame in frames { handler(self, frame) }
    }
  }
}

/// A daemon of a few lines on a socket of its own, for tests of clients. The test determines its replies.
package final class FakeDaemon: Sendable {
  package typealias Handler = @Sendable (Peer, SeenFrame) -> Void

  package let path: String
  private let listener: Int32

  /// A path of a socket that does not exist.
  package static func freshPath() -> String { "/tmp/bahari-\(UUID().uuidString.prefix(13)).sock" }

  package init(path: String = FakeDaemon.freshPath(), _ handler: @escaping Handler) throws {
    self.path = path
    let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    self.listener = listener
    guard let address = UnixAddress(path), address.bind(listener) == 0, listen(listener, 64) == 0 else {
      throw POSIXError(.EADDRINUSE)
    }
    Thread.detachNewThread {
      var number = 0
      while true {
        let descriptor = accept(listener, nil, nil)
        guard descriptor >= 0 else { return }
        let peer = Peer(descriptor, number: number)
        number += 1
        Thread.detachNewThread { peer.serve(handler) }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
    unlink(path)
  }
}
