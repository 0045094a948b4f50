import BahariFrame

/// Reads frames from the socket and passes them to the calls that they answer.
extension Link {
  /// Reads the bytes that have arrived on the socket. Stops after 16 reads, even if more bytes have arrived, so that
  /// other work on the queue is not delayed.
  func receive() {
    for _ in 0..<16 {
      guard case .connected(let port) = state else { return }
      switch port.receive(into: inbox.room()) {
      case .wouldBlock: return
      case .closed: return lose("the daemon closed the connection")
      case .failed(let number): return lose("receiving failed: \(text(ofError: number))")
      case .bytes(let count):
        inbox.added(count)
        do throws(ProtocolBreach) {
          try cutFrames()
        } catch {
          return fail(error)
        }
      }
      if calls.undelivered > Self.undeliveredLimit { return port.pauseReading() }
    }
  }

  private func cutFrames() throws(ProtocolBreach) {
    var breach: ProtocolBreach?
    inbox.drain { bytes in
      var offset = 0
      do throws(ProtocolBreach) {
        while let event = decoder.next(in: bytes, at: &offset) {
          try calls.handle(event)
          backoff.succeeded()
        }
      } catch {
        breach = error
      }
      return offset
    }
    if let breach { throw breach }
    advance()
  }

  /// Resumes reading the socket if reading is paused and the bytes that wait for their callers have fallen below half
  /// of `undeliveredLimit`.
  func resumeReadingIfTaken() {
    guard case .connected(let port) = state, port.isReadingPaused else { return }
    if calls.undelivered < Self.undeliveredLimit / 2 { port.resumeReading() }
  }
}
