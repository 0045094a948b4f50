import Glibc

/// A line on the terminal that says how long work comes along; silent anywhere else.
struct Progress {
  private let isShown: Bool
  private let started = Progress.now
  private var lastShown = -1.0

  init(isShown: Bool = true) { self.isShown = isShown && StandardError.isTerminal }

  private static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// - Parameters:
  ///   - fraction: how much of the file is read, 0 to 1; nil where its size is unknown.
  ///   - before: how much of it was done when this run began.
  mutating func show(rows: Int64, fraction: Double?, before: Double = 0) {
    let elapsed = Progress.now - started
    var text = "\(rows) rows, \(Int(Double(rows) / max(elapsed, 0.001)))/s"
    if let fraction, fraction > before, elapsed > 1 {
      let left = Int64((elapsed * (1 - fraction) / (fraction - before)).rounded())
      text += ", \(StatsText.duration(left)) left"
    }
    show(text, fraction: fraction)
  }

  /// - Parameter fraction: how much is done, 0 to 1; nil where that is unknown.
  mutating func show(_ what: String, fraction: Double?) {
    let now = Progress.now
    guard isShown, now - lastShown > 0.1 else { return }
    lastShown = now
    var text = "\r\u{1b}[K\(what)"
    if let fraction {
      let done = Int(min(max(fraction, 0), 1) * 30)
      let bar = String(repeating: "#", count: done) + String(repeating: ".", count: 30 - done)
      text += "  [\(bar)] \(Int(fraction * 100)) %"
    }
    StandardError.write(text)
  }

  func clear() { if isShown { StandardError.write("\r\u{1b}[K") } }
}
