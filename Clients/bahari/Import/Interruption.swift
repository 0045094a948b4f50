import Dispatch
import Glibc
import Synchronization

/// Says how far work came when it is interrupted, and ends at once, by the signal.
final class Interruption: Sendable {
  private let text = Mutex("")

  /// What is said from now on.
  func standing(_ text: String) { self.text.withLock { $0 = text } }

  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      // Made here, and never touched again: it lives as long as the program.
      nonisolated(unsafe) let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self] in
        withExtendedLifetime(source) {}
        let text = text.withLock { $0 }
        StandardError.write(
          "\(StandardError.isTerminal ? "\r\u{1b}[K" : "")interrupted\(text.isEmpty ? "" : ": \(text)")\n")
        Interruption.end(by: number)
      }
      source.resume()
    }
  }

  /// Threads of the queue take no signals, so this one has to be let through.
  private static func end(by number: Int32) {
    signal(number, SIG_DFL)
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(number)
  }
}
