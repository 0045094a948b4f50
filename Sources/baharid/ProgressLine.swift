import Foundation
import Synchronization

/// Shows the progress of long work in one line on the terminal, which is overwritten. If standard output is no
/// terminal, only the lines of `say` are printed.
final class ProgressLine: Sendable {
  private struct State {
    var isShown = false
    var text = ""
    var since = ContinuousClock.now
  }

  private static let width = 24

  private let isSilent: Bool
  private let isTerminal = isatty(STDOUT_FILENO) == 1
  private let state = Mutex(State())

  /// - Parameter isSilent: Whether nothing at all is printed, because standard output is for a program.
  init(isSilent: Bool = false) { self.isSilent = isSilent }

  /// Shows a bar of `done` of `total`, the name of the work, and the seconds since it began.
  func show(_ text: String, _ detail: String = "", done: Int64, of total: Int64) {
    guard isTerminal, !isSilent else { return }
    state.withLock { state in
      if state.text != text || !state.isShown { (state.text, state.since) = (text, .now) }
      state.isShown = true
      let part = total > 0 ? min(max(Double(done) / Double(total), 0), 1) : 0
      let filled = Int(part * Double(ProgressLine.width))
      let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: ProgressLine.width - filled)
      let seconds = (ContinuousClock.now - state.since).components.seconds
      let what = detail.isEmpty ? text : "\(text): \(detail)"
      ProgressLine.write("\r\u{1b}[K[\(bar)] \(Int(part * 100)) %  \(what)  \(seconds) s")
    }
  }

  /// Prints a line that is not overwritten.
  func say(_ line: String) {
    guard !isSilent else { return }
    clear()
    Log.say(line)
  }

  func clear() {
    state.withLock { state in
      guard state.isShown else { return }
      state.isShown = false
      ProgressLine.write("\r\u{1b}[K")
    }
  }

  private static func write(_ text: String) {
    // Errors of the write are ignored, so that the work continues if the terminal is closed.
    _ = Array(text.utf8).withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
