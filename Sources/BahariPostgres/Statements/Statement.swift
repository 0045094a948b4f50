/// A statement's text and the types of its parameters. A statement is prepared once on each connection that runs it.
package final class Statement: Sendable, Hashable {
  package let sql: String
  package let parameterTypes: [UInt32]
  /// The hash of the text, computed once, because every call looks up its statement.
  private let digest: Int

  package init(_ sql: String, _ parameterTypes: [UInt32] = []) {
    self.sql = sql
    self.parameterTypes = parameterTypes
    digest = sql.hashValue
  }

  package static func == (a: Statement, b: Statement) -> Bool {
    a === b || (a.sql == b.sql && a.parameterTypes == b.parameterTypes)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
