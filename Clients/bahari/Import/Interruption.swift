import Dispatch
import Glibc
import Synchronization

/// On SIGINT and SIGTERM, prints how far the work came and ends the process by the signal.
final class Interruption: Sendable {
  private let status = Mutex("")

  /// Sets the text that is printed.
  func setStatus(_ text: String) { status.withLock { $0 = text } }

  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      // Captured by its own handler and used nowhere else, so it lives as long as the program.
      nonisolated(unsafe) let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { [self] in
        withExtendedLifetime(source) {}
        let text = status.withLock { $0 }
        StandardError.write(
          "\(StandardError.isTerminal ? "\r\u{1b}[K" : "")interrupted\(text.isEmpty ? "" : ": \(text)")\n")
        Interruption.end(by: number)
      }
      source.resume()
    }
  }

  /// Raises the signal with its default action. Threads of the queue block signals, so it is unblocked first.
  private static func end(by number: Int32) {
    signal(number, SIG_DFL)
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(number)
  }
}
