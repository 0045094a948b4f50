/// Indonesia's fisheries management areas (WPPNRI), each with an approximate centre.
enum FishingArea {
  private static let all: [(name: String, latitude: Double, longitude: Double)] = [
    ("WPPNRI 571 Selat Malaka", 4.0, 99.0), ("WPPNRI 572 Samudera Hindia Barat Sumatera", -2.0, 98.5),
    ("WPPNRI 573 Samudera Hindia Selatan Jawa", -9.5, 112.0), ("WPPNRI 711 Laut Natuna", 1.5, 106.5),
    ("WPPNRI 712 Laut Jawa", -5.0, 110.5), ("WPPNRI 713 Selat Makassar dan Laut Flores", -4.0, 118.0),
    ("WPPNRI 714 Laut Banda", -5.5, 126.0), ("WPPNRI 715 Laut Seram dan Teluk Tomini", -1.0, 127.0),
    ("WPPNRI 716 Laut Sulawesi", 3.0, 122.5), ("WPPNRI 717 Samudera Pasifik", 1.0, 135.0),
    ("WPPNRI 718 Laut Arafura", -8.0, 136.0),
  ]

  /// Returns the name of the area whose centre is nearest to `place`.
  static func nearest(_ place: Place) -> String {
    var (name, least) = ("", Double.infinity)
    for area in all {
      let (north, east) = (place.latitude - area.latitude, place.longitude - area.longitude)
      let distance = north * north + east * east
      if distance < least { (name, least) = (area.name, distance) }
    }
    return name
  }
}
