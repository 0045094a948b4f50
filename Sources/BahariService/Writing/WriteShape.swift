/// Everything that the texts of the statements that write one row depend on, such as the columns given, but never their
/// values.
struct WriteShape: Hashable {
  enum Kind: Hashable {
    case insert
    /// An update; `hasVersion` tells whether the request names the version of the row to change.
    case update(hasVersion: Bool)
  }

  let kind: Kind
  /// Indexes of the columns that the request gives, in the resource's order. The statement's first parameters are the
  /// values of these columns, in the same order.
  let given: [Int]
  /// The name of the method under which the request is logged; nil if the request is not logged.
  let loggedMethod: String?
  /// Whether the state may change in a step that the table's rules do not allow.
  var forcesState = false
  /// A condition that the method sets for the row, in addition to the table's rules.
  var requiredNull: RequiredNull?
  /// Whether the row may become too long for a reply by what it is given.
  var isLarge = false

  var isUpdate: Bool { kind != .insert }
}

/// A column that must be NULL in the stored row; otherwise the write is refused, because it comes too late.
struct RequiredNull: Hashable, Sendable {
  let column: String
  /// The `reason` and `description` of the violation with which the write is refused.
  let reason: String
  let description: String
}
