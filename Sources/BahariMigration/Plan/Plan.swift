import BahariPostgres

/// The statements of a migration, phase by phase, and the reasons to refuse the migration. Making a plan changes
/// nothing in the database.
package struct Plan: Codable, Sendable {
  package struct PhasePlan: Codable, Sendable {
    package let phase: Phase
    package let statements: [MigrationStatement]
  }

  package let inspection: Inspection
  package let renames: [RenamedObject]
  /// The requested phases that are not applied yet, in order.
  package let phases: [PhasePlan]
  /// Kinds of statements that do not work through the views under the old names; empty if no views are wanted.
  package let viewLimits: [String]

  package var refusals: [Refusal] { inspection.refusals }
  package var statements: [MigrationStatement] { phases.flatMap(\.statements) }

  /// - Parameter views: Whether views under the old names are wanted.
  package static func read(_ session: Session, through: Int = Phase.all.count, views: Bool = true) throws -> Plan {
    let tables = try LegacyColumns.read(session)
    let facts = try LegacyFacts(session, tables, views: views)
    let inspection = try Inspector(session: session, tables: tables, facts: facts).inspect()
    let isOurs = inspection.state == .legacy || inspection.state == .partial
    let waiting = Phase.all.filter { $0.number <= through && !inspection.appliedPhases.contains($0.number) }
    return Plan(
      inspection: inspection, renames: isOurs ? facts.renames : [],
      phases: isOurs
        ? waiting.map { PhasePlan(phase: $0, statements: PhaseStatements.make($0.number, facts)) } : [],
      viewLimits: isOurs && views ? CompatViews.limits : [])
  }

  func refuse() throws {
    guard refusals.isEmpty else { throw MigrationRefusal(refusals) }
  }

  /// The renames that these phases make, of tables and of their indexes, constraints and sequences.
  func renames(in phases: [Int]) -> [RenamedObject] {
    let tables = Set(Rename.tables.filter { phases.contains($0.phase) }.map(\.old))
    return renames.filter { tables.contains($0.table) }
  }
}
