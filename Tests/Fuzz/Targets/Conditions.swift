import BahariClient
import SwiftProtobuf

@testable import bahari

extension FuzzTarget {
  /// The command line's `--where`.
  static let conditions = FuzzTarget(
    name: "conditions", longest: 512, rounds: 4_000,
    words: [
      " and ", " or ", "not ", "(", ")", "=", "!=", "<=", ">=", "<", ">", "~", " is null", " is not null", " in (",
      " not in (", " between ", "'", "''", "\"", ",", " ", "%", "_", "\\", "\u{301}", "\u{600}", "\u{200d}", "\r\n",
    ],
    seeds: {
      [
        Seed("equal", "district_id=110101"), Seed("part", "name ~ muara"), Seed("null", "alt_name is null"),
        Seed("not-null", "alt_name is not null"), Seed("list", "id in (1, '2,3')"),
        Seed("not-in", "id not in (1) and a=1"),
        Seed("between", "a between 1 and 5 and b=2"), Seed("precedence", "a=1 OR b=2 and c is null"),
        Seed("nested", "((a=1 and (b<2 or c>=3))) and not (d!=4 or not e<=5)"),
        Seed("quotes", "a='Ba''u' or a=\"x and y\""),
        Seed("parentheses", "(a=Tuna (besar))"), Seed("empty-value", "a= and b=1"), Seed("wildcards", "a ~ '50%_\\'"),
        Seed("words-as-names", "and=1 and or=2 or in in (3) or is is null"), Seed("broken", "(a=1 or or b=2"),
        Seed("open-quote", "a='x"), Seed("marks", "a='\u{301}x\u{600}' and b='\r\n'"),
        Seed("deep", String(repeating: "(", count: 31) + "a=1" + String(repeating: ")", count: 31)),
      ]
    },
    check: { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      let filter: Filter
      do {
        filter = try WhereParser.filter(text)
      } catch let refusal as Failure {
        try hold(refusal.code == .invalidArgument, "a condition is refused as \(refusal.code)")
        return
      }
      let canonical = try filter.condition()
      let again: Filter
      do {
        again = try WhereParser.filter(canonical)
      } catch let refusal as Failure {
        // Every condition is in parentheses then, and so deeper than the caller wrote it.
        if refusal.message.contains("levels") { return }
        throw Broken(description: "\(canonical.debugDescription) is refused: \(refusal.message)")
      }
      // Compared as bytes: texts that differ may compare equal.
      let (first, second): ([UInt8], [UInt8]) = (try filter.serializedBytes(), try again.serializedBytes())
      try hold(first == second, "\(text.debugDescription) and \(canonical.debugDescription) are different filters")
      try hold(try again.condition() == canonical, "\(canonical.debugDescription) is written in another way again")
    })
}

extension Filter {
  /// The filter as `--where` takes it: every value in quotes, and everything inside of something else in parentheses.
  fileprivate func condition() throws -> String {
    if !all.isEmpty { return try all.map { "(\(try $0.condition()))" }.joined(separator: " and ") }
    if !any.isEmpty { return try any.map { "(\(try $0.condition()))" }.joined(separator: " or ") }
    if hasNot { return "not (\(try not.condition()))" }
    switch Comparison(rawValue: self.operator) {
    case .eq: return "\(field) = \(try only())"
    case .ne: return "\(field) != \(try only())"
    case .lt: return "\(field) < \(try only())"
    case .lte: return "\(field) <= \(try only())"
    case .gt: return "\(field) > \(try only())"
    case .gte: return "\(field) >= \(try only())"
    case .ilike: return "\(field) ~ \(try part())"
    case .isNull: return "\(field) is\(values == ["true"] ? "" : " not") null"
    case .in: return "\(field) in (\(values.map(Filter.quoted).joined(separator: ", ")))"
    case .between:
      try hold(values.count == 2, "a between has \(values.count) values")
      return "\(field) between \(Filter.quoted(values[0])) and \(Filter.quoted(values[1]))"
    case .like, nil: throw Broken(description: "\(self.operator) is no operator of a condition")
    }
  }

  private func only() throws -> String {
    try hold(values.count == 1, "\(self.operator) has \(values.count) values")
    return Filter.quoted(values[0])
  }

  /// The text that an ILIKE looks for, without the wildcards around it and the escapes in it.
  private func part() throws -> String {
    var pattern = Array((values.first ?? "").unicodeScalars)
    try hold(pattern.count >= 2 && pattern.first == "%" && pattern.last == "%", "a pattern has no wildcards around it")
    pattern = pattern.dropFirst().dropLast()
    var text = String.UnicodeScalarView()
    var rest = pattern[...]
    while let scalar = rest.popFirst() {
      try hold(scalar != "%" && scalar != "_", "a wildcard stands in a pattern")
      guard scalar == "\\" else {
        text.append(scalar)
        continue
      }
      guard let escaped = rest.popFirst() else { throw Broken(description: "a pattern ends in half an escape") }
      text.append(escaped)
    }
    return Filter.quoted(String(text))
  }

  private static func quoted(_ text: String) -> String {
    var scalars = String.UnicodeScalarView("'".unicodeScalars)
    for scalar in text.unicodeScalars { scalars.append(contentsOf: scalar == "'" ? ["'", "'"] : [scalar]) }
    scalars.append("'")
    return String(scalars)
  }
}
