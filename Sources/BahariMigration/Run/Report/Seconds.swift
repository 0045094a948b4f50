/// A duration as text for people: `250 ms`, `3.4 s`, `2 min 5 s`.
package struct Seconds: CustomStringConvertible {
  let seconds: Double

  package init(_ seconds: Double) { self.seconds = seconds }
  package init(_ duration: Duration) { seconds = duration.milliseconds / 1_000 }

  package var description: String {
    if seconds < 1 { return "\(Int((seconds * 1_000).rounded())) ms" }
    if seconds < 90 { return "\((seconds * 10).rounded() / 10) s" }
    return "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
  }
}
