/// A progress line on standard error, shown only if standard error is a terminal.
struct Progress {
  private let isShown: Bool
  private let started = Clock.now
  /// When the line was last written, in nanoseconds; 0 for never.
  private var lastShown: UInt64 = 0

  init(isShown: Bool = true) { self.isShown = isShown && StandardError.isTerminal }

  /// - Parameters:
  ///   - fraction: how much of the file is read, from 0 to 1; nil if the file's size is unknown.
  ///   - before: how much of the file was already imported when this run began, from 0 to 1.
  mutating func show(rows: Int64, fraction: Double?, before: Double = 0) {
    let elapsed = Double(Clock.now - started) / 1e9
    var text = "\(rows) rows, \(Int(Double(rows) / max(elapsed, 0.001)))/s"
    if let fraction, fraction > before, elapsed > 1 {
      let left = Int64((elapsed * (1 - fraction) / (fraction - before)).rounded())
      text += ", \(StatsText.duration(left)) left"
    }
    show(text, fraction: fraction)
  }

  /// - Parameter fraction: how much of the work is done, from 0 to 1; nil if that is unknown.
  mutating func show(_ status: String, fraction: Double?) {
    let now = Clock.now
    guard isShown, now - lastShown > 100_000_000 else { return }
    lastShown = now
    var text = "\r\u{1b}[K\(status)"
    if let fraction {
      let done = Int(min(max(fraction, 0), 1) * 30)
      let bar = String(repeating: "#", count: done) + String(repeating: ".", count: 30 - done)
      text += "  [\(bar)] \(Int(fraction * 100)) %"
    }
    StandardError.write(text)
  }

  func clear() { if isShown { StandardError.write("\r\u{1b}[K") } }
}
