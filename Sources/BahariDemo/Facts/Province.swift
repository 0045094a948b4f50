/// A real province of Indonesia with its approximate centre. All regions below provinces are invented.
struct Province {
  /// The province's number in the list of Indonesia's statistics office (BPS).
  let id: Int64
  let name: String
  /// The number of regencies and cities in the province.
  let regencies: Int
  let latitude: Double
  let longitude: Double
  /// The largest distance of a regency from the province's centre, for latitude and longitude each, in degrees.
  let reach: Double

  init(_ id: Int64, _ name: String, _ regencies: Int, at latitude: Double, _ longitude: Double, reach: Double) {
    self.id = id
    self.name = name
    self.regencies = regencies
    self.latitude = latitude
    self.longitude = longitude
    self.reach = reach
  }

  static let all = [
    Province(11, "ACEH", 23, at: 4.2, 96.9, reach: 1.0),
    Province(12, "SUMATERA UTARA", 33, at: 2.2, 99.0, reach: 1.0),
    Province(13, "SUMATERA BARAT", 19, at: -0.8, 100.5, reach: 0.8),
    Province(14, "RIAU", 12, at: 0.5, 101.8, reach: 1.0),
    Province(15, "JAMBI", 11, at: -1.7, 102.8, reach: 0.8),
    Province(16, "SUMATERA SELATAN", 17, at: -3.2, 104.2, reach: 1.0),
    Province(17, "BENGKULU", 10, at: -3.5, 102.3, reach: 0.6),
    Province(18, "LAMPUNG", 15, at: -4.9, 105.0, reach: 0.7),
    Province(19, "KEPULAUAN BANGKA BELITUNG", 7, at: -2.5, 106.4, reach: 0.8),
    Province(21, "KEPULAUAN RIAU", 7, at: 1.0, 104.5, reach: 0.8),
    Province(31, "DKI JAKARTA", 6, at: -6.2, 106.8, reach: 0.1),
    Province(32, "JAWA BARAT", 27, at: -6.9, 107.6, reach: 0.7),
    Province(33, "JAWA TENGAH", 35, at: -7.2, 110.2, reach: 0.8),
    Province(34, "DI YOGYAKARTA", 5, at: -7.9, 110.4, reach: 0.2),
    Province(35, "JAWA TIMUR", 38, at: -7.7, 112.7, reach: 0.9),
    Province(36, "BANTEN", 8, at: -6.4, 106.1, reach: 0.4),
    Province(51, "BALI", 9, at: -8.4, 115.1, reach: 0.3),
    Province(52, "NUSA TENGGARA BARAT", 10, at: -8.6, 117.5, reach: 0.8),
    Province(53, "NUSA TENGGARA TIMUR", 22, at: -9.3, 122.2, reach: 1.2),
    Province(61, "KALIMANTAN BARAT", 14, at: 0.0, 110.5, reach: 1.2),
    Province(62, "KALIMANTAN TENGAH", 14, at: -1.6, 113.4, reach: 1.2),
    Province(63, "KALIMANTAN SELATAN", 13, at: -2.9, 115.4, reach: 0.7),
    Province(64, "KALIMANTAN TIMUR", 10, at: 0.5, 116.4, reach: 1.0),
    Province(65, "KALIMANTAN UTARA", 5, at: 3.1, 116.6, reach: 0.8),
    Province(71, "SULAWESI UTARA", 15, at: 1.2, 124.5, reach: 0.6),
    Province(72, "SULAWESI TENGAH", 13, at: -1.4, 121.4, reach: 1.0),
    Province(73, "SULAWESI SELATAN", 24, at: -4.1, 119.9, reach: 0.9),
    Province(74, "SULAWESI TENGGARA", 17, at: -4.1, 122.2, reach: 0.9),
    Province(75, "GORONTALO", 6, at: 0.7, 122.4, reach: 0.4),
    Province(76, "SULAWESI BARAT", 6, at: -2.5, 119.3, reach: 0.5),
    Province(81, "MALUKU", 11, at: -4.0, 129.5, reach: 1.5),
    Province(82, "MALUKU UTARA", 10, at: 0.8, 127.8, reach: 1.0),
    Province(91, "PAPUA BARAT", 13, at: -1.8, 132.8, reach: 1.0),
    Province(94, "PAPUA", 29, at: -4.0, 137.5, reach: 1.8),
  ]
}

extension Province {
  /// Returns a province's time zone (WIB, WITA or WIT) as hours ahead of UTC.
  static func zone(of province: Int64) -> Int {
    switch province {
    case ..<50, 61, 62: 7
    case ..<80: 8
    default: 9
    }
  }
}
