extension String {
  /// A caller's text as an error repeats it: in quotes, with escapes, and with at most 100 Unicode scalars, since a
  /// request may hold a name of megabytes and a single Character of any length.
  var echo: String {
    let most = 100
    let start = String(unicodeScalars.prefix(most))
    return unicodeScalars.count > most ? start.debugDescription + "…" : start.debugDescription
  }
}
