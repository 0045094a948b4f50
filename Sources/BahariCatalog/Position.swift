/// The two columns that hold a row's coordinates, in degrees.
package struct Position: Sendable {
  package let latitude: String
  package let longitude: String

  package init(_ latitude: String, _ longitude: String) {
    self.latitude = latitude
    self.longitude = longitude
  }

  /// The rules that limit both columns to valid degrees.
  var rules: [ColumnRule] { [.latitude(latitude), .longitude(longitude)] }
}
