/// A position in Indonesia or the sea around it, in degrees to the ten-millionth.
struct Place {
  let latitude: Double
  let longitude: Double

  init(latitude: Double, longitude: Double) { (self.latitude, self.longitude) = (latitude, longitude) }

  init(_ region: Region) { (latitude, longitude) = (region.latitude, region.longitude) }

  /// A random place at most `reach` degrees from `start` on each axis.
  init(near start: Place, _ reach: Double, _ dice: inout Dice) {
    latitude = Region.place(start.latitude, dice.offset(reach), within: Region.latitudes)
    longitude = Region.place(start.longitude, dice.offset(reach), within: Region.longitudes)
  }
}
