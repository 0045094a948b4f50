/// The error for a text that is not a value of its column's type.
struct BadValue: Error, Equatable {
  var text: String
  var expected: String
  var description: String { "\"\(text.prefix(80))\" is not \(expected)" }
}
