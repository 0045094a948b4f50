/// A position in Indonesia or the sea around it, in degrees, rounded to a ten-millionth.
struct Place {
  let latitude: Double
  let longitude: Double

  init(latitude: Double, longitude: Double) { (self.latitude, self.longitude) = (latitude, longitude) }

  init(_ region: Region) { (latitude, longitude) = (region.latitude, region.longitude) }

  /// Creates a random place that is at most `reach` degrees from `start`, in latitude and longitude each.
  init(near start: Place, _ reach: Double, _ dice: inout Dice) {
    latitude = Region.place(start.latitude, dice.offset(reach), within: Region.latitudes)
    longitude = Region.place(start.longitude, dice.offset(reach), within: Region.longitudes)
  }
}
