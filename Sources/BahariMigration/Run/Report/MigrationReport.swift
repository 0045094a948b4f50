import Foundation

/// The result of a run or of a verification.
package struct MigrationReport: Encodable, Sendable {
  package let command: String
  package let startedAt: Date
  package internal(set) var mode: String?
  /// The meaning of the exit code.
  package private(set) var outcome = ""
  package private(set) var exitCode: Int32 = 0
  package internal(set) var error: String?
  /// The database as it was found.
  package internal(set) var found: Inspection?
  package internal(set) var backup: BackupReport?
  package internal(set) var migration: MigrationSummary?
  package internal(set) var baseline: Baseline?
  package internal(set) var verification: Verification?
  package internal(set) var checklists: [Checklist] = []
  package private(set) var warnings: [String] = []

  init(_ command: String) {
    self.command = command
    startedAt = .now
  }

  mutating func end(_ outcome: MigrationOutcome) {
    exitCode = outcome.rawValue
    self.outcome = outcome.meaning
    warnings =
      (found?.warnings ?? []) + (verification?.warnings ?? []) + (backup?.manifest.proof?.catalogDifferences ?? [])
  }
}
