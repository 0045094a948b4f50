import Dispatch
import Glibc
import Synchronization

/// On SIGINT or SIGTERM, prints the status of the work and ends the process by that signal.
final class Interruption: Sendable {
  private let status = Mutex("")

  /// Sets the status that is printed when a signal arrives.
  func setStatus(_ text: String) { status.withLock { $0 = text } }

  init() {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      // Only the source's own handler uses the source, and keeps it until the program ends.
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

  /// Raises the signal with its default action. The signal is unblocked first, since threads of a dispatch queue block
  /// signals.
  private static func end(by number: Int32) {
    signal(number, SIG_DFL)
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, number)
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    raise(number)
  }
}
