/// The names of the statements that are prepared on a connection. When the cache is full, the least recently used
/// statement is replaced.
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

  /// Adds `statement` and returns its name, which is new on the connection, and the name of the statement to
  /// deallocate, if any.
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
