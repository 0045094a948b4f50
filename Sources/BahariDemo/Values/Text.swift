/// Returns `number` as text, padded with zeros on the left to `width` digits.
func digits(_ number: Int, _ width: Int) -> String {
  let text = String(number)
  return String(repeating: "0", count: max(width - text.utf8.count, 0)) + text
}

/// Returns the ids as a JSON array, the form in which text columns store lists of ids.
func idArray(_ ids: [some BinaryInteger & Sendable]) -> String { "[\(ids.map(String.init).joined(separator: ","))]" }

extension String {
  /// The text with each word capitalized (SUMATERA UTARA becomes Sumatera Utara), except the abbreviations DKI and DI.
  var capitalizedWords: String {
    split(separator: " ")
      .map { ["DKI", "DI"].contains($0) ? String($0) : $0.prefix(1) + $0.dropFirst().lowercased() }
      .joined(separator: " ")
  }
}
