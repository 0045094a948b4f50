import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres

/// SQL text about the coordinates of a table's rows, in degrees as double precision. The table's alias is `t`.
struct PositionSQL {
  private let latitude, longitude: String
  /// SQL that is true for rows that have coordinates. BETWEEN is not true for NULL, NaN and infinity.
  let isKnown: String

  init(_ position: Position, _ resource: Resource) {
    latitude = "t.\(SQL.quote(position.latitude))::float8"
    longitude = "t.\(SQL.quote(position.longitude))::float8"
    var isKnown = "\(latitude) BETWEEN -90 AND 90 AND \(longitude) BETWEEN -180 AND 180"
    // In NOT NULL columns, the default (0, 0) means that a row has no coordinates; the point itself lies in the open
    // sea.
    if resource.column(position.latitude)?.live.isNullable == false {
      isKnown += " AND NOT (\(latitude) = 0 AND \(longitude) = 0)"
    }
    self.isKnown = isKnown
  }

  /// SQL for the great-circle distance in kilometres (haversine formula) to the point whose coordinates are the two
  /// named parameters.
  ///
  /// The earth is taken as a sphere of its mean radius, which is off by at most half a percent. `least(1, …)` is needed
  /// because, by rounding, the square root may exceed 1 for antipodal points, where `asin` would fail.
  func distance(toLatitude pointLatitude: String, longitude pointLongitude: String) -> String {
    let north = "power(sin(radians(\(latitude) - \(pointLatitude)) / 2), 2)"
    let east = "power(sin(radians(\(longitude) - \(pointLongitude)) / 2), 2)"
    let cosines = "cos(radians(\(pointLatitude))) * cos(radians(\(latitude)))"
    return "2 * \(PositionSQL.earthRadiusKm) * asin(least(1, sqrt(\(north) + \(cosines) * \(east))))"
  }

  func isBetween(south: String, north: String) -> String { "\(latitude) BETWEEN \(south) AND \(north)" }

  /// SQL that is true for rows between two meridians. `wraps` is true if the box crosses the antimeridian, so that
  /// `west` is greater than `east`.
  func isBetween(west: String, east: String, wraps: Bool) -> String {
    wraps
      ? "(\(longitude) >= \(west) OR \(longitude) <= \(east))" : "\(longitude) BETWEEN \(west) AND \(east)"
  }

  static let earthRadiusKm = 6371.0088
  /// The length of one degree of latitude, in kilometres.
  static let degreeKm = earthRadiusKm * Double.pi / 180
}

extension Conditions {
  /// Adds the conditions of a request's `near`, and returns SQL for the distance of a row from its point.
  mutating func near(_ near: Message, _ fields: NearFields, _ resource: Resource) throws(Status) -> String {
    let position = try resource.positionSQL(for: "near")
    var numbers = Degrees("near", near)
    let latitude = numbers.value(fields.latitude, -90...90)
    let longitude = numbers.value(fields.longitude, -180...180)
    let radius = numbers.radius(fields.radius)
    try numbers.check(resource)
    terms.append(position.isKnown)
    let distance = position.distance(toLatitude: bind(latitude), longitude: bind(longitude))
    guard let radius else { return distance }
    // Comparing the latitude first excludes most rows at a fraction of the distance's cost. The small margin makes
    // sure that rounding excludes no row within the radius.
    let reach = radius / PositionSQL.degreeKm + 1e-9
    terms.append(position.isBetween(south: bind(latitude - reach), north: bind(latitude + reach)))
    terms.append("\(distance) <= \(bind(radius))")
    return distance
  }

  /// Adds the conditions of a request's `box`; rows on the edge of the box are inside it.
  mutating func box(_ box: Message, _ fields: BoxFields, _ resource: Resource) throws(Status) {
    let position = try resource.positionSQL(for: "box")
    var numbers = Degrees("box", box)
    let south = numbers.value(fields.south, -90...90)
    let west = numbers.value(fields.west, -180...180)
    let north = numbers.value(fields.north, -90...90)
    let east = numbers.value(fields.east, -180...180)
    if south > north, numbers.violations.isEmpty {
      numbers.violations.append(
        .wrong("box.south", "OUT_OF_RANGE", "is \(south) and must not be above north, \(north)"))
    }
    try numbers.check(resource)
    terms.append(position.isKnown)
    terms.append(position.isBetween(south: bind(south), north: bind(north)))
    terms.append(position.isBetween(west: bind(west), east: bind(east), wraps: west > east))
  }

  private mutating func bind(_ value: Double) -> String { bind(PostgresType.float8.rawValue) { $0.add(value) } }
}

extension Resource {
  fileprivate func positionSQL(for field: String) throws(Status) -> PositionSQL {
    guard let position = table.position else {
      throw .malformed("\(table.name) has no coordinates", field: field, reason: "NO_COORDINATES")
    }
    return PositionSQL(position, self)
  }
}

/// Reads the numbers of a request's `near` or `box` and collects all their violations.
private struct Degrees {
  private let name: String
  private let message: Message
  var violations: [FieldViolation] = []

  init(_ name: String, _ message: Message) {
    self.name = name
    self.message = message
  }

  mutating func value(_ field: FieldDescriptor, _ range: ClosedRange<Double>) -> Double {
    guard message.has(field) else {
      violations.append(.missing("\(name).\(field.name)"))
      return 0
    }
    let value = message.double(field)
    if !range.contains(value) {
      let (low, high) = (Int(range.lowerBound), Int(range.upperBound))
      violations.append(
        .wrong("\(name).\(field.name)", "OUT_OF_RANGE", "is \(value) and must be from \(low) to \(high)"))
    }
    return value
  }

  /// The radius in kilometres; nil if the request has none.
  mutating func radius(_ field: FieldDescriptor) -> Double? {
    guard message.has(field) else { return nil }
    let value = message.double(field)
    if !(value > 0 && value.isFinite) {
      violations.append(.wrong("\(name).radius_km", "OUT_OF_RANGE", "is \(value) and must be above 0"))
    }
    return value
  }

  func check(_ resource: Resource) throws(Status) {
    guard violations.isEmpty else { throw .invalid(violations, table: resource.table.name) }
  }
}
