/// A statement's text and the types of its parameters. Prepared once on each connection that runs it.
package final class Statement: Sendable, Hashable {
  package let sql: String
  package let parameterTypes: [UInt32]
  /// Taken once: statements are looked up on every call's way.
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

/// A statement with its values.
package struct Bound: Sendable {
  package let statement: Statement
  package let parameters: Parameters

  package init(_ statement: Statement, _ parameters: Parameters = Parameters()) {
    precondition(statement.parameterTypes.count == parameters.count, statement.sql)
    self.statement = statement
    self.parameters = parameters
  }
}

/// The names under which a connection has prepared statements; the one used least recently goes first.
struct StatementCache {
  struct Entry {
    var name: String
    var used: UInt64
  }
  private var entries: [Statement: Entry] = [:]
  private var clock: UInt64 = 0
  private var named = 0
  private let capacity: Int

  init(capacity: Int) { self.capacity = max(capacity, 1) }

  var count: Int { entries.count }

  mutating func name(of statement: Statement) -> String? {
    clock += 1
    entries[statement]?.used = clock
    return entries[statement]?.name
  }

  /// A new name for `statement`, never used before on the connection, and the name to deallocate for it.
  mutating func add(_ statement: Statement) -> (name: String, evicted: String?) {
    var evicted: String?
    if entries.count >= capacity, let oldest = entries.min(by: { $0.value.used < $1.value.used }) {
      entries[oldest.key] = nil
      evicted = oldest.value.name
    }
    clock += 1
    named += 1
    let name = "b\(named)"
    entries[statement] = Entry(name: name, used: clock)
    return (name, evicted)
  }

  mutating func forget(_ statement: Statement) { entries[statement] = nil }
}
