/// Everything that the text of a statement on rows of a batch depends on. Rows that give the same columns share one
/// statement.
struct BatchShape: Hashable {
  enum Action: Hashable {
    /// Locks the existing rows of the batch, in the order of their keys. Its only parameter is an array of keys.
    case lockRows
    /// Takes locks until the transaction ends, so that no other writer can write a row that the guards of these rows
    /// have to see.
    case lock
    /// Inserts the rows that do not exist, and changes existing rows that differ from the batch.
    case upsert
    /// Changes existing rows that differ from the batch.
    case update
    /// Finds the written rows that a guard refuses.
    case check
    /// Finds the rows of the batch whose key exists in the table.
    case existing
  }

  let action: Action
  /// Indexes of the columns that the rows give, the key included.
  let present: [Int]
  /// Indexes of the columns to change if the row exists.
  let sets: [Int]
  /// Whether an existing row may become too long for a reply by what it is given.
  var isLarge = false
}
