import BahariCatalog
import BahariFrame
import BahariMessage
import BahariPostgres
import BahariShard

/// All tables and reports that the daemon serves. Made once, when the daemon starts, and read by every shard.
package struct Resources: Sendable {
  package let all: [Resource]
  /// The reports, in the order of `Report.all`.
  let reports: [BoundReport]
  /// Facts about the served tables that operators should know, one line each.
  package let remarks: [String]

  /// Compares the catalog and the reports with the .proto files and the database. Throws all differences together, and
  /// with them the reasons for which PostgreSQL would not keep the daemon's promises for these tables.
  package init(_ tables: [Table], _ schema: LiveSchema) throws(SchemaDifferences) {
    let findings = schema.findings.filter { finding in
      finding.table == nil || tables.contains { $0.name == finding.table }
    }
    var differences = findings.filter(\.isFault).map(\.line)
    var resources: [Resource] = []
    for table in tables {
      switch Resource.bind(table, schema) {
      case .success(let resource): resources.append(resource)
      case .failure(let found): differences += found.lines
      }
    }
    var reports: [BoundReport] = []
    for report in Report.all(of: tables) {
      var check = ReportCheck(report, schema, resources)
      if let bound = check.run() { reports.append(bound) }
      differences += check.differences
    }
    guard differences.isEmpty else { throw SchemaDifferences(differences) }
    all = resources
    self.reports = reports
    remarks = findings.filter { !$0.isFault }.map(\.line)
  }
}
