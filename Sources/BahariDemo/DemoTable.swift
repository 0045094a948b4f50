/// A table of demonstration data. Its rows are generated when they are read, and are the same each time.
package struct DemoTable {
  /// The table's name in PostgreSQL's schema public.
  package let name: String
  package let columns: [String]
  package let count: Int
  private let read: (_ body: ([String?]) throws -> Void) throws -> Void

  /// Calls `body` with each row, in ascending order of the ids. A row has the values of `columns` in PostgreSQL's text
  /// form; nil stands for NULL.
  package func forEach(_ body: ([String?]) throws -> Void) throws { try read(body) }

  /// Creates a table with one row for each fact. `describe` adds the columns to a list; each column's closure computes
  /// a value from a fact and random numbers.
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

  /// Returns a table with another name and the same rows in the same order, but only the columns for which `isIncluded`
  /// returns true.
  package func part(named name: String, columns isIncluded: (String) -> Bool) -> DemoTable {
    let places = columns.indices.filter { isIncluded(columns[$0]) }
    return DemoTable(name, places.map { columns[$0] }, count) { [read] body in
      try read { row in try body(places.map { row[$0] }) }
    }
  }
}
