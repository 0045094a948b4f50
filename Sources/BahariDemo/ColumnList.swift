/// The columns of a demo table: each a name and a function that makes the value from a fact and the dice.
struct ColumnList<Fact> {
  private(set) var names: [String] = []
  private(set) var values: [(Fact, inout Dice) -> String?] = []

  mutating func add<V: CustomStringConvertible>(_ name: String, _ value: @escaping (Fact, inout Dice) -> V?) {
    names.append(name)
    values.append { value($0, &$1)?.description }
  }

  /// Adds created_at and updated_at; without `updated` both have the same time.
  mutating func addTimes(_ created: @escaping (Fact) -> Moment, updated: ((Fact) -> Moment)? = nil) {
    add("created_at") { fact, _ in created(fact) }
    add("updated_at") { fact, _ in (updated ?? created)(fact) }
  }

  /// Adds two columns, for latitude and longitude.
  mutating func addPlace(_ prefix: String, _ place: @escaping (Fact, inout Dice) -> Place?) {
    // The place is drawn once per row: the first column keeps it for the second, which is always computed right after.
    var last: Place?
    add("\(prefix)_latitude") { fact, dice in
      last = place(fact, &dice)
      return last?.latitude
    }
    add("\(prefix)_longitude") { _, _ in last?.longitude }
  }
}
