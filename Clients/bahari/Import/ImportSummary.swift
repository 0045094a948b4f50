/// How many rows an import has created, updated, left unchanged and failed to write, and its warnings.
struct ImportSummary: Equatable, Sendable {
  var created: Int64 = 0
  var updated: Int64 = 0
  var unchanged: Int64 = 0
  var failed: Int64 = 0
  var warnings = ImportWarnings()

  var text: String { "created \(created), updated \(updated), unchanged \(unchanged), failed \(failed)" }
  var json: String {
    "{\"created\":\(created),\"updated\":\(updated),\"unchanged\":\(unchanged),\"failed\":\(failed)\(warnings.json)}"
  }
  var rows: Int64 { created + updated + unchanged + failed }

  mutating func add(_ reply: Record) {
    created += reply.integer("created") ?? 0
    updated += reply.integer("updated") ?? 0
    unchanged += reply.integer("unchanged") ?? 0
    failed += reply.integer("failed") ?? 0
  }
}
