/// A row of a region table: a province, regency or city, district, or village.
package struct Region: Sendable, Equatable {
  /// The region's id. It begins with the digits of the parent region's id.
  package let id: Int64
  /// The parent region's id; nil for a province.
  package let parent: Int64?
  package let name: String
  /// The region's alternative name: empty if there is none, nil for a province.
  package let alternative: String?
  /// The region's coordinates in degrees, rounded to a ten-millionth.
  package let latitude: Double
  package let longitude: Double
}

extension Region {
  /// The ranges of the coordinates of places in Indonesia, in degrees.
  package static let latitudes = -11.0...6.0
  package static let longitudes = 95.0...141.0

  /// Creates a region at a random place near the region `near`: at most `reach` degrees away in latitude and longitude
  /// each.
  init(
    id: Int64, parent: Int64, name: String, alternative: String, near: Region, reach: Double, _ dice: inout Dice
  ) {
    self.init(
      id: id, parent: parent, name: name, alternative: alternative,
      latitude: Region.place(near.latitude, dice.offset(reach), within: Region.latitudes),
      longitude: Region.place(near.longitude, dice.offset(reach), within: Region.longitudes))
  }

  /// Returns the coordinate `start + offset`, moved into `limits` and rounded to a ten-millionth of a degree.
  static func place(_ start: Double, _ offset: Double, within limits: ClosedRange<Double>) -> Double {
    let degrees = min(max(start + offset, limits.lowerBound), limits.upperBound)
    return (degrees * 10_000_000).rounded() / 10_000_000
  }
}
