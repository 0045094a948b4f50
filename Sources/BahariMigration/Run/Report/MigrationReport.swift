import Foundation

/// The report of a run or of a verification, written as JSON and as Markdown.
package struct MigrationReport: Encodable, Sendable {
  package let command: String
  package let startedAt: Date
  package internal(set) var mode: String?
  /// The meaning of `exitCode`, as a sentence.
  package private(set) var outcome = ""
  package private(set) var exitCode: Int32 = 0
  package internal(set) var error: String?
  /// The state of the database when the command began.
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
