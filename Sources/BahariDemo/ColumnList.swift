/// The columns of a demo table. Each has a name and a closure that computes the column's value from the fact that the
/// row is about and from random numbers.
struct ColumnList<Fact> {
  private(set) var names: [String] = []
  private(set) var values: [(Fact, inout Dice) -> String?] = []

  mutating func add<V: CustomStringConvertible>(_ name: String, _ value: @escaping (Fact, inout Dice) -> V?) {
    names.append(name)
    values.append { value($0, &$1)?.description }
  }

  /// Adds the columns created_at and updated_at. Without `updated` both have the same time.
  mutating func addTimes(_ created: @escaping (Fact) -> Moment, updated: ((Fact) -> Moment)? = nil) {
    add("created_at") { fact, _ in created(fact) }
    add("updated_at") { fact, _ in (updated ?? created)(fact) }
  }

  /// Adds two columns with the latitude and longitude of a place.
  mutating func addPlace(_ prefix: String, _ place: @escaping (Fact, inout Dice) -> Place?) {
    // The row's place. The latitude's closure computes it, and the longitude's closure, which always runs directly
    // after, uses it.
    var last: Place?
    add("\(prefix)_latitude") { fact, dice in
      last = place(fact, &dice)
      return last?.latitude
    }
    add("\(prefix)_longitude") { _, _ in last?.longitude }
  }
}
