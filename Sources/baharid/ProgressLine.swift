import Foundation
import Synchronization

/// How far something long is: a line on the terminal that is written over and over; silent anywhere else, where the
/// lines said in between tell enough.
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

  /// - Parameter isSilent: Says nothing at all, for what is to be read by programs.
  init(isSilent: Bool = false) { self.isSilent = isSilent }

  /// Shows a bar of `done` of `total`, what is done, and for how long it has been.
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

  /// One line for good.
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
    // A terminal that is gone is no reason to stop.
    _ = Array(text.utf8).withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}
