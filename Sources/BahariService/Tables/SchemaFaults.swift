import BahariPostgres
import BahariShard

/// The set of tables that were dropped or lost a column after the daemon had compared them with the catalog.
///
/// While the set is not empty, health reports NOT_SERVING. Each table is probed once a second and leaves the set when
/// its columns can be read again.
final class SchemaFaults {
  private var broken: [String: Bound] = [:]
  private let lane: Lane
  private static let retryNanoseconds: UInt64 = 1_000_000_000

  init(_ lane: Lane) { self.lane = lane }

  var isEmpty: Bool { broken.isEmpty }

  /// Adds the table to the set if the error's SQLSTATE is undefined_table or undefined_column.
  func note(_ error: PostgresError, _ resource: Resource, on shard: isolated Shard) {
    guard ["42P01", "42703"].contains(error.sqlState.code) else { return }
    let isFirst = broken.isEmpty
    let selection = resource.standard
    broken[resource.table.name] = Bound(Statement("SELECT \(selection.list) FROM \(selection.source) LIMIT 0"))
    if isFirst { retryLater(on: shard) }
  }

  private func retryLater(on shard: isolated Shard) {
    _ = shard.schedule(after: SchemaFaults.retryNanoseconds) { self.retry(on: shard) }
  }

  private func retry(on shard: isolated Shard) {
    for (name, probe) in broken {
      let job = Job(read: [probe]) { answer in
        if case .success = answer { self.broken[name] = nil }
      }
      lane.submit(job, on: shard)
    }
    if !broken.isEmpty { retryLater(on: shard) }
  }
}
