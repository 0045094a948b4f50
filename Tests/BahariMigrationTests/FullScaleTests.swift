import BahariPostgres
import Foundation
import TestSupport
import Testing

@testable import BahariMigration

@Suite("Full scale", .offPool) struct FullScaleTests {
  @Test(
    "all regions of Indonesia are unchanged after a migration and an undo, to the last byte",
    .enabled(if: SharedData.exists, "needs ../shared/data/wilayah"))
  func regions() async throws {
    let session = try Session(
      .inPublic(try await TestCluster.shared().database(named: "full_scale")))
    for statement in LegacySchema.statements { try session.execute(statement) }
    for table in LegacySchema.regions {
      let file = try Data(contentsOf: URL(fileURLWithPath: "\(SharedData.wilayah)/\(table.name).csv"))
      let columns = table.columns.map(\.name).joined(separator: ", ")
      let empty = table.name == "provinces" ? "" : ", FORCE_NOT_NULL (alt_name)"
      try session.copy("COPY public.\(table.name) (\(columns)) FROM STDIN (FORMAT csv, HEADER\(empty))") {
        try $0(Array(file))
      }
    }
    let before = try Fingerprint.take(session)
    let plan = try Plan.read(session)
    #expect(plan.refusals.isEmpty && !plan.inspection.warnings.contains { $0.contains("the design expects") })
    let result = try Migrator(session: session).run()
    #expect(result.before == before && result.after == before)
    let counts = ["provinces": 34, "regencies": 514, "districts": 7_266, "villages": 83_467]
    for (table, count) in counts {
      #expect(before[table]?.rows == Int64(count))
      #expect(try session.query("SELECT count(*) FROM public.\(Rename.new(table))").int64(0, 0) == Int64(count))
    }
    #expect(try session.query("SELECT 1 FROM mst_desa WHERE name LIKE '%''%'").count > 300)
    #expect(try Undo(session: session).run().fingerprints == before)
  }
}
