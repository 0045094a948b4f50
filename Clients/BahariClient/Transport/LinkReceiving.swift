import BahariFrame

/// Reading the socket, and delivering replies to their calls.
extension Link {
  /// Reads what has arrived. Ends after 16 rounds, so that a busy socket does not occupy the queue.
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

  /// Reads the socket again once half of the messages that wait have been taken.
  func resumeReadingIfTaken() {
    guard case .connected(let port) = state, port.isReadingPaused else { return }
    if calls.undelivered < Self.undeliveredLimit / 2 { port.resumeReading() }
  }
}
