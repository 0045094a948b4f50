import BahariClient

/// A column and its value, from an option such as `--set COLUMN=VALUE`.
struct Assignment {
  var column: String
  var value: String

  init(_ text: String, option: String) throws {
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
      throw Failure(.invalidArgument, "\(option) \"\(text)\" is not of the form COLUMN=VALUE")
    }
    column = text[..<sign].trimmed
    value = String(text[text.index(after: sign)...])
  }
}
