import Dispatch
import Glibc

/// A connected, non-blocking Unix socket with its Dispatch sources; closes itself when released.
///
/// Belongs to the actor that made it. The two sources watch two descriptors, because Dispatch on Linux registers a
/// descriptor only once. Each descriptor is closed by its source's cancel handler and never before, so that no other file
/// gets its number while the source still watches it.
final class SocketPort {
  enum Transfer {
    case bytes(Int)
    case wouldBlock
    /// The peer has closed its side; only when receiving.
    case closed
    case failed(Int32)
  }

  private let descriptor: Int32
  private let reader: any DispatchSourceRead
  private let writer: any DispatchSourceWrite
  private(set) var isReadingPaused = false
  private var waitsForRoom = false

  /// Takes over `descriptor`. Handlers run on `queue`.
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
    // A source must not be released while suspended; cancelled ones fire no event when resumed.
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

  /// Calls the writable handler whenever the socket accepts bytes, until `stopWaitingForRoom`.
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
