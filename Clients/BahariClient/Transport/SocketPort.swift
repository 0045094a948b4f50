import Dispatch
import Glibc

/// A connected, non-blocking Unix socket with Dispatch sources for reading and writing. Releasing the object closes the
/// socket.
///
/// Only the actor that created the object may use it. The two sources watch two descriptors of the same socket, because
/// Dispatch on Linux registers a descriptor only once. Each descriptor is closed only in its source's cancel handler,
/// so that no other file gets the descriptor's number while the source still watches it.
final class SocketPort {
  enum Transfer {
    case bytes(Int)
    case wouldBlock
    /// The peer has closed the connection. Only `receive` returns this.
    case closed
    case failed(Int32)
  }

  private let descriptor: Int32
  private let reader: any DispatchSourceRead
  private let writer: any DispatchSourceWrite
  private(set) var isReadingPaused = false
  private var waitsForRoom = false

  /// Takes ownership of `descriptor`, a connected socket, and closes it if creating the object fails. `readable` and
  /// `writable` are called on `queue`.
  init(
    descriptor: Int32, queue: DispatchQueue, readable: @escaping @Sendable () -> Void,
    writable: @escaping @Sendable () -> Void
  ) throws(BahariError) {
    let twin = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    guard twin >= 0 else {
      let cause = errno
      close(descriptor)
      throw BahariError(.resourceExhausted, "no second descriptor for the connection: \(text(ofError: cause))")
    }
    self.descriptor = descriptor
    reader = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    writer = DispatchSource.makeWriteSource(fileDescriptor: twin, queue: queue)
    reader.setEventHandler(handler: readable)
    writer.setEventHandler(handler: writable)
    reader.setCancelHandler { close(descriptor) }
    writer.setCancelHandler { close(twin) }
    reader.resume()
  }

  deinit {
    reader.cancel()
    writer.cancel()
    // A source must not be released while it is suspended. A cancelled source calls no event handler when resumed.
    if isReadingPaused { reader.resume() }
    if !waitsForRoom { writer.resume() }
  }

  func pauseReading() {
    guard !isReadingPaused else { return }
    isReadingPaused = true
    reader.suspend()
  }

  func resumeReading() {
    guard isReadingPaused else { return }
    isReadingPaused = false
    reader.resume()
  }

  /// Makes Dispatch call the handler `writable` whenever the socket can accept bytes, until `stopWaitingForRoom` is
  /// called.
  func waitForRoom() {
    guard !waitsForRoom else { return }
    waitsForRoom = true
    writer.resume()
  }

  func stopWaitingForRoom() {
    guard waitsForRoom else { return }
    waitsForRoom = false
    writer.suspend()
  }

  func send(_ bytes: UnsafeRawBufferPointer) -> Transfer {
    while true {
      let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return .bytes(count) }
      if errno == EINTR { continue }
      return errno == EAGAIN ? .wouldBlock : .failed(errno)
    }
  }

  func receive(into room: UnsafeMutableRawBufferPointer) -> Transfer {
    while true {
      let count = recv(descriptor, room.baseAddress, room.count, 0)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .closed }
      if errno == EINTR { continue }
      return errno == EAGAIN ? .wouldBlock : .failed(errno)
    }
  }
}

func text(ofError number: Int32) -> String { String(cString: strerror(number)) }
