/// Everything that a statement on the rows of a batch depends on. Rows that give the same columns go in one statement.
struct BatchShape: Hashable {
  enum Action: Hashable {
    /// Locks under which no other writer can bring a row that the guards of these rows would have to see.
    case lock
    /// Inserts the rows that are new and changes those that differ.
    case upsert
    /// Changes the rows that exist and differ.
    case update
    /// Finds those of the rows written that a guard refuses.
    case check
    /// Finds the rows whose key exists.
    case existing
  }

  let action: Action
  /// Places of the columns that the rows give, the key included.
  let present: [Int]
  /// Places of the columns to change where the row exists.
  let sets: [Int]
}
