import ArgumentParser
import BahariMigration
import BahariPostgres
import BahariService

struct MigrateVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compares a migrated database with what was recorded, and calls its services.",
    discussion: """
      Rows and values against the ledger, foreign keys, the schema, sequences, a List and a Get of every service, and \
      the design's three reads, whose times are compared with those before (a warning above 1.2). It changes nothing, \
      and can be run at any time; rows that were written since are told apart.

        baharid migrate verify --database 'host=/run/postgresql dbname=perikanan'
      """)

  @Option(help: ArgumentHelp("Writes verification.json and verification.md there.", valueName: "folder"))
  var reportDir: String?

  @OptionGroup var target: TargetOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await output.run(on: target) { conninfo in
      let line = output.line
      var report = MigrationReport("baharid migrate verify")
      report.found = try await inSession(conninfo) { try Inspector.inspect($0) }
      let verification = try await Verifying.run(conninfo, line)
      Verifying.tell(verification, line)
      report.verification = verification
      let exit: MigrationExit = verification.rollbackReasons.isEmpty ? .done : .rollbackAdvised
      report.end(exit)
      if let reportDir {
        try ReportFolder.make(reportDir)
        try report.write(to: reportDir, named: "verification")
      }
      try output.show(report)
      return exit
    }
  }
}

/// The verification as `verify` and `run` do it: what the database holds, and what its services answer.
enum Verifying {
  static func run(_ conninfo: Conninfo, _ line: ProgressLine) async throws -> Verification {
    var verification = try await inSession(conninfo) { session in
      try Verification(session) { line.show("verifying", $0, done: 0, of: 1) }
    }
    line.show("verifying", "the services", done: 0, of: 1)
    let session = try Session(ConnectionOptions(conninfo: conninfo.text))
    do {
      let probe = try ServiceProbe(conninfo.text, session)
      await probe.open()
      let reads = await probe.readAll()
      await probe.close()
      verification.note(services: reads.count { $0.faults.isEmpty }, faults: reads.flatMap(\.faults))
    } catch let differences as SchemaDifferences {
      verification.note(services: 0, faults: differences.lines)
    }
    line.clear()
    return verification
  }

  static func tell(_ verification: Verification, _ line: ProgressLine) {
    let equal = verification.tables.count { $0.isEqual == true }
    line.say(
      "verified: \(verification.tables.count) tables with \(verification.rows) rows, values of \(equal) equal, "
        + "\(verification.orphans.count) foreign keys with orphans, \(verification.services) services answered")
    for read in verification.reads {
      let before = read.before.map { "\(Verification.rounded($0)) ms before, " } ?? ""
      let ratio = read.ratio.map { ", ratio \(Verification.rounded($0))" } ?? ""
      line.say("verified: \(read.name): \(before)\(Verification.rounded(read.after)) ms now\(ratio)")
    }
    for warning in verification.warnings { line.say("warning: \(warning)") }
    for reason in verification.rollbackReasons { line.say("rollback advised: \(reason)") }
  }
}
