/// A row of one of the four region tables.
package struct Region: Sendable, Equatable {
  /// Its first digits are the parent's id.
  package let id: Int64
  /// The parent's id; nil for a province.
  package let parent: Int64?
  package let name: String
  /// Another name: nil for a province, otherwise empty if there is none.
  package let alternative: String?
  /// Degrees, to the ten-millionth.
  package let latitude: Double
  package let longitude: Double
}

extension Region {
  /// The range of Indonesia's coordinates, in degrees.
  package static let latitudes = -11.0...6.0
  package static let longitudes = 95.0...141.0

  /// A region at a random place near another: at most `reach` degrees away on each axis.
  init(
    id: Int64, parent: Int64, name: String, alternative: String, near: Region, reach: Double, _ dice: inout Dice
  ) {
    self.init(
      id: id, parent: parent, name: name, alternative: alternative,
      latitude: Region.place(near.latitude, dice.offset(reach), within: Region.latitudes),
      longitude: Region.place(near.longitude, dice.offset(reach), within: Region.longitudes))
  }

  /// `start + offset`, kept within `limits` and rounded to a ten-millionth.
  static func place(_ start: Double, _ offset: Double, within limits: ClosedRange<Double>) -> Double {
    let degrees = min(max(start + offset, limits.lowerBound), limits.upperBound)
    return (degrees * 10_000_000).rounded() / 10_000_000
  }
}
