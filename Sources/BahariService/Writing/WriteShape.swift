/// Everything that the statements of a write of one row depend on: which columns are given, never their values.
struct WriteShape: Hashable {
  enum Kind: Hashable {
    case insert
    /// Whether the caller names the version that it changes.
    case update(hasVersion: Bool)
  }

  let kind: Kind
  /// Places of the columns that are given, in the resource's order; their parameters come first, in this order.
  let given: [Int]
  /// The name of the method under which the request is logged; nil where it is not, since the caller may repeat it.
  let loggedMethod: String?
  /// Whether a state may be set that no step leads to.
  var forcesState = false
  /// What the method requires of the row beside the table's own rules.
  var requiredNull: RequiredNull?

  var isUpdate: Bool { kind != .insert }
}

/// A column that must be NULL in the row as it is stored, or the write is refused as coming too late.
struct RequiredNull: Hashable, Sendable {
  let column: String
  /// The violation's reason and sentence.
  let reason: String
  let description: String
}
