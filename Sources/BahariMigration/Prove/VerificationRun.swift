import BahariPostgres

/// Verifies a migrated database: first its content, then the answers of its services.
package struct VerificationRun: Sendable {
  let conninfo: Conninfo
  let services: ServiceCheck
  let observer: any MigrationObserver

  package init(_ conninfo: Conninfo, services: @escaping ServiceCheck, observer: any MigrationObserver) {
    (self.conninfo, self.services, self.observer) = (conninfo, services, observer)
  }

  package func run() async throws -> (outcome: MigrationOutcome, report: MigrationReport) {
    var report = MigrationReport("baharid migrate verify")
    report.found = try await inSession(conninfo) { try Inspector.inspect($0) }
    let verification = try await verify()
    report.verification = verification
    report.end(verification.outcome)
    return (verification.outcome, report)
  }

  func verify() async throws -> Verification {
    var verification = try await inSession(conninfo) { [observer] session in
      try Verification(session) { observer.report(.verifying($0)) }
    }
    observer.report(.verifying("the services"))
    verification.note(try await services(conninfo))
    observer.report(.verified(verification))
    return verification
  }
}
