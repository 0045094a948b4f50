/// A table's rows, made while they are read: the same each time.
package struct DemoTable {
  /// In schema public.
  package let name: String
  package let columns: [String]
  package let count: Int
  private let read: (_ body: ([String?]) throws -> Void) throws -> Void

  /// The rows in the order of their ids: each column's value as PostgreSQL reads it, nil for NULL.
  package func forEach(_ body: ([String?]) throws -> Void) throws { try read(body) }

  /// `describe` names the columns and says how each value comes from a fact and from throws of the dice.
  init<Fact>(_ name: String, of facts: [Fact], _ dice: Dice, _ describe: (inout ColumnList<Fact>) -> Void) {
    var list = ColumnList<Fact>()
    describe(&list)
    let values = list.values
    self.name = name
    columns = list.names
    count = facts.count
    read = { body in
      var dice = dice
      for fact in facts { try body(values.map { $0(fact, &dice) }) }
    }
  }

  private init(
    _ name: String, _ columns: [String], _ count: Int,
    read: @escaping (_ body: ([String?]) throws -> Void) throws -> Void
  ) {
    (self.name, self.columns, self.count, self.read) = (name, columns, count, read)
  }

  /// The same rows with some of their columns, in the same order, for a table of another name.
  package func part(named name: String, columns isIncluded: (String) -> Bool) -> DemoTable {
    let places = columns.indices.filter { isIncluded(columns[$0]) }
    return DemoTable(name, places.map { columns[$0] }, count) { [read] body in
      try read { row in try body(places.map { row[$0] }) }
    }
  }
}

/// What is said of a table's columns.
struct ColumnList<Fact> {
  fileprivate var names: [String] = []
  fileprivate var values: [(Fact, inout Dice) -> String?] = []

  mutating func add<V: CustomStringConvertible>(_ name: String, _ value: @escaping (Fact, inout Dice) -> V?) {
    names.append(name)
    values.append { value($0, &$1)?.description }
  }

  /// created_at, and updated_at where it differs.
  mutating func addTimes(_ created: @escaping (Fact) -> Moment, updated: ((Fact) -> Moment)? = nil) {
    add("created_at") { fact, _ in created(fact) }
    add("updated_at") { fact, _ in (updated ?? created)(fact) }
  }

  /// Two columns, of eight digits behind the point at most.
  mutating func addPlace(_ prefix: String, _ place: @escaping (Fact, inout Dice) -> Place?) {
    // Of one throw, which the second column is told.
    var last: Place?
    add("\(prefix)_latitude") { fact, dice in
      last = place(fact, &dice)
      return last?.latitude
    }
    add("\(prefix)_longitude") { _, _ in last?.longitude }
  }
}

/// A position in Indonesia or the sea around it, in degrees to the ten-millionth.
struct Place {
  let latitude: Double
  let longitude: Double

  init(latitude: Double, longitude: Double) { (self.latitude, self.longitude) = (latitude, longitude) }

  init(_ region: Region) { (latitude, longitude) = (region.latitude, region.longitude) }

  /// At most `reach` degrees from `start` on each axis.
  init(near start: Place, _ reach: Double, _ dice: inout Dice) {
    latitude = Region.place(start.latitude, dice.offset(reach), within: Region.latitudes)
    longitude = Region.place(start.longitude, dice.offset(reach), within: Region.longitudes)
  }
}

/// Ids as a JSON array of numbers.
func idArray(_ ids: [some BinaryInteger & Sendable]) -> String { "[\(ids.map(String.init).joined(separator: ","))]" }
