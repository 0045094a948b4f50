import ArgumentParser

/// A point in degrees, with the digits as they were written: the columns are exact numbers.
struct Coordinates: ExpressibleByArgument {
  var latitude: String
  var longitude: String

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
    guard parts.count == 2, parts.allSatisfy({ Double($0) != nil }) else { return nil }
    (latitude, longitude) = (parts[0], parts[1])
  }
}
