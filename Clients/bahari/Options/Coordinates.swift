import ArgumentParser

/// A position in degrees. The numbers are kept as text with all their digits, since the columns are exact (numeric).
struct Coordinates: ExpressibleByArgument {
  var latitude: String
  var longitude: String

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
    guard parts.count == 2, parts.allSatisfy({ Double($0) != nil }) else { return nil }
    (latitude, longitude) = (parts[0], parts[1])
  }
}
