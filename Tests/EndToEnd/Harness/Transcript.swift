import Foundation
import Testing

/// The output of commands in a form that is the same in every run: values that differ between runs are replaced by
/// names, and the widths of columns around them by one width.
struct Transcript {
  private(set) var text = ""
  /// Most lines of one output; anything longer is a document with a test of its own.
  private static let most = 60

  /// Output as it was, standard error behind a `!`, and the exit code where it is not 0.
  mutating func add(_ command: String, _ ran: Ran) {
    let isMeasured = command.hasPrefix("bahari bench") || command.hasPrefix("bahari stats")
    func stable(_ text: String) -> String { isMeasured ? Transcript.withoutFigures(text) : Transcript.steady(text) }
    var lines = Transcript.lines(stable(ran.output))
    if lines.last == "" { lines.removeLast() }
    text += "$ \(command)\n" + lines.prefix(Transcript.most).joined(separator: "\n")
    if lines.count > Transcript.most { text += "\n(and \(lines.count - Transcript.most) lines more)" }
    if !text.hasSuffix("\n") { text += "\n" }
    for line in Transcript.lines(stable(ran.error)) where !line.isEmpty { text += "! \(line)\n" }
    if ran.exit != 0 { text += "exit \(ran.exit)\n" }
    text += "\n"
  }

  /// Compares it with `Golden/NAME.txt`. Where they differ, writes the new transcript under `.build/transcripts`.
  func compare(_ name: String, _ package: URL) throws {
    let golden = package.appendingPathComponent("Tests/EndToEnd/Golden/\(name).txt")
    let wanted = (try? String(contentsOf: golden, encoding: .utf8)) ?? ""
    guard wanted != text else { return }
    let folder = package.appendingPathComponent(".build/transcripts")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try text.write(to: folder.appendingPathComponent("\(name).txt"), atomically: true, encoding: .utf8)
    let (had, has) = (Transcript.lines(wanted), Transcript.lines(text))
    let place = zip(had, has).enumerated().first { $1.0 != $1.1 }?.offset ?? min(had.count, has.count)
    let line = { (lines: [String]) in place < lines.count ? lines[place] : "(the end)" }
    Issue.record(
      """
      \(golden.path), line \(place + 1): "\(line(had))" was wanted, and this came: "\(line(has))".
      If that is meant: cp .build/transcripts/\(name).txt Tests/EndToEnd/Golden/
      """)
  }

  private static func lines(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  // MARK: Values that differ between runs

  /// With names for versions, for times that are now, and for today.
  static func steady(_ text: String) -> String {
    let named = text.replacing(/"version":"\d+"/, with: "\"version\":\"VERSION\"")
      .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/, with: "NOW")
      .replacing(today, with: "TODAY")
    var lines = Transcript.lines(named)
    if let header = lines.first, header.hasSuffix(" version") {
      for index in lines.indices.dropFirst() { lines[index] = lines[index].replacing(/\ +\d+$/, with: "  VERSION") }
    }
    let result = lines.joined(separator: "\n")
    return result == text ? text : withoutWidths(result)
  }

  /// Today in the zone that attendance uses by default.
  private static var today: String {
    let format = DateFormatter()
    format.dateFormat = "yyyy-MM-dd"
    format.timeZone = TimeZone(secondsFromGMT: 7 * 3600)
    return format.string(from: Date())
  }

  private static func withoutWidths(_ text: String) -> String {
    text.replacing(/\ {2,}/, with: "  ").replacing(/-{3,}/, with: "---")
  }

  /// With N for every number, whatever was called; each line once, so that it does not count how many methods or how
  /// high bars there are.
  private static func withoutFigures(_ text: String) -> String {
    let named = text.replacing(/up .*?,/, with: "up TIME,").replacing(/#+/, with: "#")
      .replacing(/"[\w.]+":\d+(\.\d+)?,?/, with: "").replacing(/"methods":\[.*\],"lanes"/, with: "METHODS,\"lanes\"")
      .replacing(/\b\d+(\.\d+)*/, with: "N").replacing("p99.N", with: "p99.9")
      .replacing(/(?m)^[\w.]+\/\w+ +calls .*$/, with: "METHOD  calls").replacing(/(?m) -(?= |$)/, with: " N")
    var lines: [String] = []
    for line in Transcript.lines(withoutWidths(named)) where !line.hasPrefix("due and not sent") {
      if line.isEmpty || !lines.contains(line) { lines.append(line) }
    }
    return lines.joined(separator: "\n")
  }
}
